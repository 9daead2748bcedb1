package io.certcourier.intake;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import jakarta.inject.Singleton;

import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;

import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Phase;
import io.certcourier.renewal.PageCursor;

/** Reads refusals for people, newest first. */
@Singleton
public class RefusalHistory {

    private static final String COLUMNS = """
            SELECT id, at, channel, topic, partition_no, record_offset, reason_code, detail, size_bytes, payload_sha256, renewal,
                   certificate_name, event_id, source FROM refusal""";
    private static final RowMapper<RefusalView> VIEW = (row, context) -> view(row);

    private final Jdbi database;

    RefusalHistory(Jdbi database) {
        this.database = database;
    }

    /** @param next where the next page begins; empty on the last one */
    public record Page(List<RefusalView> refusals, Optional<PageCursor> next) {

        /** @param rows at most one more than the limit, which tells whether another page follows */
        static Page of(List<RefusalView> rows, int limit) {
            if (rows.size() <= limit) {
                return new Page(rows, Optional.empty());
            }
            var last = rows.get(limit - 1);
            return new Page(List.copyOf(rows.subList(0, limit)), Optional.of(new PageCursor(last.at(), last.refusalId())));
        }
    }

    /** Empty if there is none of this id. */
    public Optional<RefusalView> find(UUID id) {
        return database.withHandle(
                tx -> tx.createQuery(COLUMNS + " WHERE id = :id").bind("id", id).map(VIEW).findOne());
    }

    /** The cost of a page does not grow with the pages before it. */
    public Page list(RefusalFilter filter) {
        Map<String, Object> values = new LinkedHashMap<>();
        var where = new StringBuilder(" WHERE true");
        only(where, values, " AND reason_code = :reason", "reason", filter.reasonCode());
        only(where, values, " AND channel = :channel", "channel", filter.channel());
        only(where, values, " AND certificate_name = :name", "name", filter.certificateName());
        only(where, values, " AND source = :source", "source", filter.source());
        only(where, values, " AND at >= :since", "since", filter.since());
        only(where, values, " AND at < :until", "until", filter.until());
        if (filter.after() != null) {
            // the first half is what the index refusal_at can start from
            where.append(" AND at <= :after AND (at < :after OR id > :id)");
            values.put("after", filter.after().at());
            values.put("id", filter.after().id());
        }
        values.put("limit", filter.limit() + 1);
        return Page.of(database.withHandle(tx -> tx.createQuery(COLUMNS + where + " ORDER BY at DESC, id LIMIT :limit")
                .bindMap(values).map(VIEW).list()), filter.limit());
    }

    private static void only(StringBuilder where, Map<String, Object> values, String condition, String name, Object value) {
        if (value != null) {
            where.append(condition);
            values.put(name, value);
        }
    }

    /** A code that a newer release stored has no phase here. */
    private static RefusalView view(ResultSet row) throws SQLException {
        String code = row.getString("reason_code");
        var reason = Arrays.stream(ReasonCode.values()).filter(known -> known.name().equals(code)).findFirst();
        return new RefusalView(row.getObject("id", UUID.class), row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("channel"), row.getString("topic"), row.getObject("partition_no", Integer.class),
                row.getObject("record_offset", Long.class), code,
                reason.map(known -> known.phase(Phase.INTAKE).name()).orElse(null),
                reason.map(ReasonCode::retryable).orElse(null), reason.map(known -> known.remedy().name()).orElse(null),
                row.getString("detail"), reason.map(ReasonCode::help).orElse(null), row.getInt("size_bytes"),
                HexFormat.of().formatHex(row.getBytes("payload_sha256")), row.getObject("renewal", UUID.class),
                row.getString("certificate_name"), row.getString("event_id"), row.getString("source"));
    }
}
