package io.certcourier.renewal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;

import io.certcourier.outcome.Cause;
import io.certcourier.outcome.Outcome;
import io.certcourier.outcome.Outcome.Certificate;
import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.Outcome.Origin;
import io.certcourier.outcome.Outcome.Scm;
import io.certcourier.outcome.Outcome.TargetReport;
import io.certcourier.outcome.Outcome.Timing;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Phase;

/** Reads an ended renewal and tells it as its outcome event does. */
@ApplicationScoped
class OutcomeReport {

    private static final Duration CRITICAL = Duration.ofHours(72);

    /** The event, what it copies from the one it answers, and the same for onlookers inside this process. */
    record Told(Outcome outcome, Cause cause, RenewalEnded ended) {
    }

    private final RenewalConfig config;

    OutcomeReport(RenewalConfig config) {
        this.config = config;
    }

    Told of(Handle tx, UUID id) {
        var targets = targets(tx, id);
        return tx
                .createQuery(
                        """
                                SELECT r.id, r.round, r.state, r.account, r.certificate_name, r.certificate, r.labels, r.failure, r.superseded_by, r.replaces_not_after,
                                       r.scm_certificate_id, r.scm_name, r.imported, r.confirmed_at, r.event_time, r.accepted_at, r.started_at, r.ended_at, r.channel,
                                       r.source, r.event_id, r.idempotency_key, r.correlation_id, r.traceparent, r.topic, r.partition_no, r.record_offset,
                                       (SELECT count(*) FROM attempt a WHERE a.renewal = r.id AND a.round = r.round AND a.outcome IS DISTINCT FROM 'NOT_SENT') AS calls,
                                       (SELECT s.id FROM renewal s WHERE s.subject_key = r.subject_key AND s.superseded_by = r.id ORDER BY s.generation DESC LIMIT 1) AS supersedes
                                  FROM renewal r WHERE r.id = :id""")
                .bind("id", id).map((rs, ctx) -> new Told(tell(rs, targets), cause(rs), ended(rs, targets))).one();
    }

    private static Cause cause(ResultSet rs) throws SQLException {
        return new Cause(rs.getString("event_id"), rs.getString("correlation_id"), rs.getString("traceparent"));
    }

    private static RenewalEnded ended(ResultSet rs, List<TargetReport> targets) throws SQLException {
        Failure failure = Json.failure(rs.getString("failure"));
        return new RenewalEnded(rs.getObject("id", UUID.class), rs.getString("certificate_name"), rs.getString("account"),
                rs.getString("state"), failure == null ? null : failure.reasonCode(),
                Duration.between(instant(rs, "accepted_at"), instant(rs, "ended_at")),
                targets.stream().map(target -> new RenewalEnded.TargetEnd(target.service(), target.reached())).toList());
    }

    private Outcome tell(ResultSet rs, List<TargetReport> targets) throws SQLException {
        State state = State.valueOf(rs.getString("state"));
        UUID id = rs.getObject("id", UUID.class);
        String name = rs.getString("certificate_name");
        String account = rs.getString("account");
        Certificate certificate = Json.certificate(rs.getString("certificate"));
        Map<String, String> labels = Json.labels(rs.getString("labels"));
        labels = labels.isEmpty() ? null : labels;
        Scm scm = scm(rs);
        if (state.delivered()) {
            return new Outcome.Delivered(id, rs.getInt("round"), state.name(), name, account, certificate, scm, targets,
                    timing(rs), origin(rs), labels, rs.getObject("supersedes", UUID.class));
        }
        boolean rejected = state == State.REJECTED;
        Instant ended = instant(rs, "ended_at");
        Instant retryUntil = scm != null && state != State.SUPERSEDED ? ended.plus(config.retention()) : null;
        return new Outcome.DeliveryFailed(id, rs.getInt("round"), null, state.name(),
                severity(state, instant(rs, "replaces_not_after"), ended),
                Json.failure(rs.getString("failure")), name, account, certificate, rejected ? null : scm,
                targets.isEmpty() ? null : targets,
                timing(rs), origin(rs), labels, rejected ? null : retryUntil, rs.getObject("superseded_by", UUID.class));
    }

    private static String severity(State state, Instant replacesNotAfter, Instant ended) {
        return switch (state) {
            case SUPERSEDED, CANCELLED -> "info";
            case PARTIAL, FAILED, EXPIRED ->
                replacesNotAfter != null && replacesNotAfter.isBefore(ended.plus(CRITICAL)) ? "critical" : "warning";
            case REJECTED, SUCCEEDED, UNCHANGED, READY, IMPORTING, RESOLVING, CONFIRMING, PUSHING, QUEUED, HELD -> "warning";
        };
    }

    private static Scm scm(ResultSet rs) throws SQLException {
        String certificateId = rs.getString("scm_certificate_id");
        return certificateId == null ? null
                : new Scm(certificateId, rs.getString("scm_name"), rs.getBoolean("imported"), instant(rs, "confirmed_at"));
    }

    private static Timing timing(ResultSet rs) throws SQLException {
        Instant received = instant(rs, "accepted_at");
        Instant completed = instant(rs, "ended_at");
        return new Timing(instant(rs, "event_time"), received, instant(rs, "started_at"), completed,
                Duration.between(received, completed).toMillis(), rs.getInt("calls"));
    }

    private static Origin origin(ResultSet rs) throws SQLException {
        return new Origin(rs.getString("channel"), rs.getString("source"), rs.getString("event_id"),
                rs.getString("idempotency_key"),
                rs.getString("topic"), rs.getObject("partition_no", Integer.class), rs.getObject("record_offset", Long.class));
    }

    private static List<TargetReport> targets(Handle tx, UUID id) {
        return tx.createQuery("""
                SELECT service, project, state, attempts, unknowns, target_certificate_id, failure, done_at
                  FROM renewal_target WHERE renewal = :id ORDER BY service, project""")
                .bind("id", id).map((rs, ctx) -> target(rs)).list();
    }

    private static TargetReport target(ResultSet rs) throws SQLException {
        TargetState state = TargetState.valueOf(rs.getString("state"));
        boolean reached = state.reached();
        boolean secondCopy = rs.getInt("unknowns") > 0;
        Failure failure = Json.failure(rs.getString("failure"));
        if (state == TargetState.SENT && failure == null) {
            failure = Failure.of(ReasonCode.PROVIDER_UNAVAILABLE, Phase.PUSH, "The push was sent and its answer never came.",
                    null);
        }
        String project = rs.getString("project");
        return new TargetReport(rs.getString("service"), project.isEmpty() ? null : project, reached ? "PUSHED" : "NONE",
                reached ? instant(rs, "done_at") : null, state == TargetState.PRESENT, rs.getInt("attempts"),
                secondCopy ? Boolean.TRUE : null,
                rs.getString("target_certificate_id"), reached ? null : failure);
    }

    /** Null stays null. */
    private static Instant instant(ResultSet rs, String column) throws SQLException {
        var time = rs.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
