package io.certcourier.renewal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

import io.certcourier.renewal.CertificateView.LastRenewal;
import io.certcourier.renewal.CertificateView.Place;

/**
 * What is deployed where, put together from the renewals: those whose last renewal did not get through first, then by what
 * expires first. It reads all subjects for a page, because what comes first depends on all of them.
 */
@ApplicationScoped
public class CertificateStore {

    // a target that the last renewal does not name any more must not make the certificate look expired for ever
    private static final String PAGE = """
            SELECT c.*, floor(extract(epoch FROM c.expires_at - now()) / 86400)::bigint AS days_left FROM (
              SELECT s.subject_key, s.account, s.certificate_name, n.id, n.state, n.reason_code, n.accepted_at, n.ended_at,
                     n.deadline_at, d.leaf_sha256, d.scm_certificate_id, coalesce(e.expires_at, n.replaces_not_after) AS expires_at,
                     CASE WHEN n.state IN ('PARTIAL','FAILED','EXPIRED','REJECTED','CANCELLED','HELD') THEN 0 ELSE 1 END AS rank
                FROM subject s
                JOIN LATERAL (SELECT * FROM renewal r WHERE r.subject_key = s.subject_key
                               ORDER BY r.state = 'SUPERSEDED', r.generation DESC LIMIT 1) n ON true
                LEFT JOIN renewal d ON d.id = s.delivered_id AND d.scm_certificate_id IS NOT NULL
                CROSS JOIN LATERAL (
                  SELECT coalesce(min(x.not_after) FILTER (WHERE x.wanted), min(x.not_after)) AS expires_at FROM (
                    SELECT DISTINCT ON (t.service, t.project) r.not_after,
                           EXISTS (SELECT 1 FROM renewal_target w
                                    WHERE w.renewal = n.id AND w.service = t.service AND w.project = t.project) AS wanted
                      FROM renewal r JOIN renewal_target t ON t.renewal = r.id AND t.state IN ('PUSHED','PRESENT')
                     WHERE r.subject_key = s.subject_key
                     ORDER BY t.service, t.project, r.generation DESC) x) e
               WHERE (:name::text IS NULL OR s.certificate_name = :name) AND (:account::text IS NULL OR s.account = :account)) c
             WHERE (:before::timestamptz IS NULL OR c.expires_at < :before)
               AND (:key::text IS NULL OR (c.rank, coalesce(c.expires_at, '-infinity'), c.subject_key)
                    > (:rank, coalesce(:expires::timestamptz, '-infinity'), :key))
             ORDER BY c.rank, coalesce(c.expires_at, '-infinity'), c.subject_key LIMIT :limit""";

    private static final String PLACES = """
            WITH reached AS (
              SELECT DISTINCT ON (t.service, t.project) t.service, t.project, t.target_certificate_id, t.done_at, r.id,
                     r.leaf_sha256, r.scm_certificate_id, r.not_after
                FROM renewal r JOIN renewal_target t ON t.renewal = r.id AND t.state IN ('PUSHED','PRESENT')
               WHERE r.subject_key = :key ORDER BY t.service, t.project, r.generation DESC)
            SELECT service, project, w.state, w.reason_code, w.renewal IS NOT NULL AS wanted, reached.id,
                   reached.leaf_sha256, reached.scm_certificate_id, reached.target_certificate_id, reached.not_after, reached.done_at
              FROM reached FULL JOIN (SELECT * FROM renewal_target WHERE renewal = :last) w USING (service, project)
             ORDER BY service, project""";

    private final Jdbi jdbi;

    CertificateStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** @param next where the next page begins; empty on the last one */
    public record Page(List<CertificateView> certificates, Optional<CertificateCursor> next) {
    }

    private record Row(String key, String account, String name, LastRenewal last, int rank, Instant expiresAt, Long daysLeft,
            String fingerprint, String scmCertificateId) {

        CertificateCursor cursor() {
            return new CertificateCursor(rank, expiresAt == null ? CertificateCursor.UNKNOWN
                    : ChronoUnit.MICROS.between(Instant.EPOCH, expiresAt), key);
        }

        CertificateView with(List<Place> places) {
            return new CertificateView(name, account, rank == 0, expiresAt, daysLeft, fingerprint, scmCertificateId, places,
                    last);
        }
    }

    public Page list(CertificateFilter filter) {
        return jdbi.inTransaction(tx -> {
            var rows = rows(tx, filter);
            var views = new ArrayList<CertificateView>();
            for (var row : rows.subList(0, Math.min(filter.limit(), rows.size()))) {
                views.add(row.with(places(tx, row)));
            }
            return new Page(views, rows.size() > filter.limit() ? Optional.of(rows.get(filter.limit() - 1).cursor())
                    : Optional.empty());
        });
    }

    private static List<Row> rows(Handle tx, CertificateFilter filter) {
        var after = filter.after();
        return tx.createQuery(PAGE)
                .bind("name", filter.certificateName()).bind("account", filter.account())
                .bind("before", (Object) filter.expiresBefore()).bind("limit", filter.limit() + 1)
                .bind("key", after == null ? null : after.subjectKey()).bind("rank", after == null ? 0 : after.rank())
                .bind("expires", (Object) (after == null ? null : after.expiresAt()))
                .map((row, context) -> row(row)).list();
    }

    private static Row row(ResultSet row) throws SQLException {
        var last = new LastRenewal(row.getObject("id", UUID.class), row.getString("state"), row.getString("reason_code"),
                instant(row, "accepted_at"), instant(row, "ended_at"), instant(row, "deadline_at"));
        return new Row(row.getString("subject_key"), row.getString("account"), row.getString("certificate_name"), last,
                row.getInt("rank"), instant(row, "expires_at"), row.getObject("days_left", Long.class),
                hex(row.getBytes("leaf_sha256")), row.getString("scm_certificate_id"));
    }

    private static List<Place> places(Handle tx, Row row) {
        return tx.createQuery(PLACES).bind("key", row.key()).bind("last", row.last().renewalId())
                .map((place, context) -> place(place)).list();
    }

    private static Place place(ResultSet row) throws SQLException {
        String project = row.getString("project");
        UUID renewal = row.getObject("id", UUID.class);
        return new Place(row.getString("service"), project.isEmpty() ? null : project, row.getBoolean("wanted"),
                renewal == null ? "NONE" : "PUSHED", row.getString("state"), row.getString("reason_code"),
                hex(row.getBytes("leaf_sha256")), row.getString("scm_certificate_id"), row.getString("target_certificate_id"),
                instant(row, "not_after"), instant(row, "done_at"), renewal);
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? null : HexFormat.of().formatHex(bytes);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
