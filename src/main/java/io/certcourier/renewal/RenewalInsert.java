package io.certcourier.renewal;

import java.time.Duration;
import java.time.Instant;

import org.jdbi.v3.core.statement.PreparedBatch;

import io.certcourier.certificate.CertificateFacts;
import io.certcourier.outcome.Outcome.Certificate;
import io.certcourier.renewal.NewRenewals.Row;
import io.certcourier.renewal.NewRenewals.Start;
import io.certcourier.renewal.Planner.Calls;

/** Writes a newcomer into table {@code renewal}; a later round takes the place of the one before. */
final class RenewalInsert {

    static final String SQL = """
            INSERT INTO renewal (id, round, subject_key, generation, account, certificate_name, payload_hash, sequence, event_time, labels,
                     always, replaces_not_after, leaf_sha256, leaf_sha1, scm_name, not_before, not_after, certificate, state, reason_code,
                     failure, superseded_by, scm_certificate_id, imported, confirmed_at, due_push, due_batch, priority, next_at, deadline_at,
                     deadline_reason, waiting_since, source, event_id, idempotency_key, correlation_id, cause, requested_by, channel, topic,
                     partition_no, record_offset, record_at, traceparent, ended_at)
            VALUES (:id, :round, :subject, :generation, :account, :name, :hash, :sequence, :eventTime, :labels::jsonb,
                     :always, :replaces, decode(:sha256, 'hex'), decode(:sha1, 'hex'), :scmName, :notBefore, :notAfter, :certificate::jsonb, :state, :reason,
                     :failure::jsonb, :supersededBy, :scmId, :imported, :confirmedAt, :duePush, :dueBatch, :priority, coalesce(:nextAt::timestamptz, 'infinity'), :deadline,
                     :deadlineReason, CASE WHEN :state IN ('CONFIRMING', 'RESOLVING') THEN now() END, :source, :eventId, :key, :correlation, :cause, :requestedBy, :channel, :topic,
                     :partition, :offset, :recordAt, :traceparent, CASE WHEN :ended THEN now() END)
            ON CONFLICT (id) DO UPDATE
               SET round = excluded.round, subject_key = excluded.subject_key, generation = excluded.generation, account = excluded.account,
                   certificate_name = excluded.certificate_name, payload_hash = excluded.payload_hash, sequence = excluded.sequence,
                   event_time = excluded.event_time, labels = excluded.labels, always = excluded.always,
                   replaces_not_after = excluded.replaces_not_after, leaf_sha256 = excluded.leaf_sha256, leaf_sha1 = excluded.leaf_sha1,
                   scm_name = excluded.scm_name, not_before = excluded.not_before, not_after = excluded.not_after,
                   certificate = excluded.certificate, state = excluded.state, reason_code = excluded.reason_code, failure = excluded.failure,
                   superseded_by = excluded.superseded_by, scm_certificate_id = excluded.scm_certificate_id, imported = excluded.imported,
                   confirmed_at = excluded.confirmed_at, due_push = excluded.due_push, due_batch = excluded.due_batch,
                   priority = excluded.priority, next_at = excluded.next_at, deadline_at = excluded.deadline_at,
                   deadline_reason = excluded.deadline_reason, waiting_since = excluded.waiting_since, source = excluded.source,
                   event_id = excluded.event_id, idempotency_key = excluded.idempotency_key, correlation_id = excluded.correlation_id,
                   cause = excluded.cause, requested_by = excluded.requested_by, channel = excluded.channel, topic = excluded.topic,
                   partition_no = excluded.partition_no, record_offset = excluded.record_offset, record_at = excluded.record_at,
                   traceparent = excluded.traceparent, ended_at = excluded.ended_at, epoch = renewal.epoch + 1, attempts = 0, looks = 0,
                   unknowns = 0, accepted_at = now(), started_at = NULL, updated_at = now()
             WHERE renewal.ended_at IS NOT NULL""";

    private static final Duration URGENT_DEADLINE = Duration.ofHours(24);
    private static final Duration URGENT_REPLACEMENT = Duration.ofHours(72);

    private RenewalInsert() {
    }

    /** @param batch of {@link #SQL} */
    static void bind(PreparedBatch batch, Row row) {
        var newcomer = row.newcomer();
        var request = newcomer.request();
        var origin = request.origin();
        batch.bind("id", request.id()).bind("round", newcomer.round()).bind("subject", row.subjectKey())
                .bind("generation", row.generation())
                .bind("account", request.account()).bind("name", request.certificateName()).bind("hash", request.payloadHash())
                .bind("sequence", request.sequence()).bind("eventTime", request.eventTime())
                .bind("labels", Json.write(request.labels()))
                .bind("always", request.always()).bind("replaces", row.replacedUntil())
                .bind("priority", priority(newcomer, row.replacedUntil()))
                .bind("deadline", newcomer.deadline().at()).bind("deadlineReason", newcomer.deadline().reason().name())
                .bind("source", origin.source()).bind("eventId", origin.eventId()).bind("key", origin.idempotencyKey())
                .bind("correlation", origin.correlationId()).bind("cause", request.reason())
                .bind("requestedBy", request.requestedBy())
                .bind("channel", origin.channel()).bind("topic", origin.topic()).bind("partition", origin.partition())
                .bind("offset", origin.offset()).bind("recordAt", origin.recordTime())
                .bind("traceparent", origin.traceparent());
        bindFacts(batch, request.bundle() == null ? null : request.bundle().facts());
        bindStart(batch, row.start());
    }

    private static void bindFacts(PreparedBatch batch, CertificateFacts facts) {
        boolean known = facts != null;
        batch.bind("sha256", known ? facts.sha256() : null).bind("sha1", known ? facts.sha1() : null)
                .bind("scmName", known ? facts.scmName() : null)
                .bind("notBefore", (Object) (known ? facts.notBefore() : null))
                .bind("notAfter", (Object) (known ? facts.notAfter() : null))
                .bind("certificate", known ? Json.write(publicFacts(facts)) : "{}");
    }

    private static void bindStart(PreparedBatch batch, Start start) {
        var plan = start.plan();
        var calls = plan == null ? new Calls(0, 0) : plan.calls();
        boolean found = plan != null && plan.scmCertificateId() != null;
        batch.bind("state", start.state().name()).bind("ended", start.state().terminal())
                .bind("reason", start.reasonCode())
                .bind("failure", Json.write(start.failure())).bind("supersededBy", (Object) start.supersededBy())
                .bind("scmId", found ? plan.scmCertificateId() : null).bind("imported", found ? Boolean.FALSE : null)
                .bind("confirmedAt", (Object) (found ? plan.confirmedAt() : null)).bind("duePush", calls.push())
                .bind("dueBatch", calls.batchPush()).bind("nextAt", (Object) start.notBefore());
    }

    private static Certificate publicFacts(CertificateFacts facts) {
        return new Certificate(facts.sha256(), facts.sha1(), facts.serialNumber(), facts.commonName(), facts.subjectAltNames(),
                facts.issuer(), facts.notBefore(), facts.notAfter(), facts.keyAlgorithm());
    }

    /** What the event says of the certificate in service until now, else what was delivered last. */
    static Instant replacedUntil(RenewalRequest request, Subject subject) {
        if (request.replacesNotAfter() != null || subject.delivered() == null) {
            return request.replacesNotAfter();
        }
        return subject.delivered().notAfter();
    }

    private static int priority(Newcomer newcomer, Instant replacedUntil) {
        boolean urgent = newcomer.deadline().at().isBefore(newcomer.now().plus(URGENT_DEADLINE))
                || replacedUntil != null && replacedUntil.isBefore(newcomer.now().plus(URGENT_REPLACEMENT));
        return urgent ? 0 : 1;
    }
}
