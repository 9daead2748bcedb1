package io.certcourier.ops;

import static io.certcourier.ops.MeterName.Kind.CALL_TIMER;
import static io.certcourier.ops.MeterName.Kind.COUNTER;
import static io.certcourier.ops.MeterName.Kind.GAUGE;
import static io.certcourier.ops.MeterName.Kind.SECONDS;
import static io.certcourier.ops.MeterName.Kind.TIMER;

import java.util.List;

/**
 * Every meter of ours, and the only place that names one; docs/metrics.md is written from it. Tags have few values: never a
 * domain or an id, and a certificate name only where an installation asks for it.
 */
enum MeterName {
    EVENTS_RECEIVED("certcourier.events.received", COUNTER,
            "Events read, by channel (kafka, http, kubernetes), redelivered records included.", "channel", "form"),
    EVENTS_REJECTED("certcourier.events.rejected", COUNTER, "Records refused, each told once.", "reason"),
    EVENTS_DUPLICATES("certcourier.events.duplicates", COUNTER, "Records whose event, or whose refusal, is known."),
    EVENTS_UNKNOWN_FIELDS("certcourier.events.unknown.fields", COUNTER, "Members of event data that the schema does not have."),
    EVENTS_PLAINTEXT_KEYS("certcourier.events.plaintext.keys", COUNTER,
            "Events whose private key came in clear, accepted or not."),
    EVENT_AGE("certcourier.event.age", TIMER, "From the event's time, or its record's, to its arrival; 0 if a clock is ahead."),
    INTAKE_LAST_POLL("certcourier.intake.last.poll.timestamp", SECONDS,
            "When the consumer last asked Kafka for records, as Unix time; NaN before the first time and after it was closed."),
    CERT_MANAGER_LOOKS("certcourier.certmanager.looks", COUNTER,
            "Looks at Secrets of cert-manager, by what they came to; only where certcourier.cert-manager.enabled is set.",
            "outcome"),
    CERT_MANAGER_WATCHING("certcourier.certmanager.watching", GAUGE,
            "1 while all Secrets and Certificates that were asked for are watched, else 0; only where certcourier.cert-manager.enabled is set."),
    RENEWALS_COMPLETED("certcourier.renewals.completed", COUNTER,
            "Renewals that ended; an account that is not configured counts as other.", "account", "outcome"),
    RENEWAL_DURATION("certcourier.renewal.duration", TIMER, "From accepted to ended.", "outcome"),
    RENEWALS_OPEN("certcourier.renewals.open", GAUGE, "Renewals that have not ended.", "state"),
    RENEWALS_OLDEST("certcourier.renewals.oldest", SECONDS,
            "Longest wait in this state: for a look where one is waited for, else since the renewal was accepted; 0 if there is none.",
            "state"),
    RENEWALS_OLDEST_DUE("certcourier.renewals.oldest.due", SECONDS,
            "How long the renewal that is due longest waits for a worker or for call budget; accounts with a closed breaker only."),
    DEADLINE_HEADROOM("certcourier.renewals.deadline.headroom", SECONDS,
            "Least time to the deadline of a renewal that has not ended; absent if all have."),
    OUTBOX_PENDING("certcourier.outbox.pending", GAUGE, "Outcome events and dead letters that Kafka has not confirmed."),
    OUTBOX_OLDEST("certcourier.outbox.oldest", SECONDS, "Age of the oldest of them; 0 if there is none."),
    OUTBOX_PARKED("certcourier.outbox.parked", GAUGE, "Events that Kafka will never take; an operator decides."),
    TARGETS_COMPLETED("certcourier.targets.completed", COUNTER, "Targets of ended renewals, by how far each got.", "service",
            "reached"),
    SCM_REQUESTS("certcourier.scm.requests", CALL_TIMER, "Calls of SCM until the answer, or until they were given up.",
            "operation", "outcome", "account"),
    SCM_ERRORS("certcourier.scm.errors", COUNTER,
            "Error codes that SCM or its gateway answered; one that docs/errors.md does not list counts as other.", "code"),
    SCM_BUDGET_TOKENS("certcourier.scm.budget.tokens", GAUGE, "Calls that could be made at once; 0 while a 429 blocks.",
            "account", "operation"),
    SCM_BUDGET_PER_MINUTE("certcourier.scm.budget.per.minute", GAUGE,
            "Calls per minute in force; lowered by 429, raised again in quiet times.", "account", "operation"),
    SCM_BREAKER_OPEN("certcourier.scm.breaker.open", GAUGE,
            "1 if the account is not called: the cloud denied it, or an operator paused it.", "account"),
    SCM_CREDENTIALS_EXPIRY("certcourier.scm.credentials.expiry", SECONDS,
            "Time until the credentials in use run out, negative after that; NaN if they do not, or if nobody said.",
            "account"),
    SCM_CLOCK_SKEW("certcourier.scm.clock.skew", SECONDS,
            "How far SCM's clock is ahead of this process's, by the latest answer; NaN before the first.", "account"),
    KEYS_SEALED("certcourier.keys.sealed", GAUGE, "Sealed private keys of renewals whose import is not confirmed."),
    KEYS_OVERDUE("certcourier.keys.overdue", GAUGE, "Sealed private keys that nothing needs any more; must be 0."),
    KEYS_PRIMARY("certcourier.keys.primary", GAUGE,
            "Id of the keyset's key that seals; the same at every replica once all have read a changed file."),
    KEYS_OUTDATED("certcourier.keys.outdated", GAUGE,
            "Sealed private keys that another key of the keyset than the primary has sealed; an old key can go at 0."),
    KEYS_LOST("certcourier.keys.lost", GAUGE,
            "Sealed private keys whose sealing key the keyset lacks; their renewals are held until it is back."),
    CERTIFICATE_NOT_AFTER("certcourier.certificate.not.after.timestamp", SECONDS,
            "End of the certificate that was delivered last, as Unix time; off unless certcourier.ops.certificates-shown is set.",
            "account", "certificate"),
    BUILD_INFO("certcourier.build.info", GAUGE, "Always 1; the tags tell which build runs.", "version", "revision");

    /** What a meter is, and the unit and ending its name gets in Prometheus. */
    enum Kind {
        COUNTER("counter", null, "_total"),
        TIMER("timer, buckets from 1 s to 6 h", null, "_seconds"),
        CALL_TIMER("timer, buckets from 50 ms to 15 s", null, "_seconds"),
        GAUGE("gauge", null, ""),
        SECONDS("gauge, s", "seconds", "_seconds");

        final String words;
        /** Null: none. */
        final String unit;
        final String ending;

        Kind(String words, String unit, String ending) {
            this.words = words;
            this.unit = unit;
            this.ending = ending;
        }
    }

    final String meter;
    final Kind kind;
    final String tells;
    final List<String> tags;

    MeterName(String meter, Kind kind, String tells, String... tags) {
        this.meter = meter;
        this.kind = kind;
        this.tells = tells;
        this.tags = List.of(tags);
    }

    /** The name in a scrape; a timer has three: with {@code _count}, {@code _sum} and {@code _bucket} behind it. */
    String inPrometheus() {
        return meter.replace('.', '_') + kind.ending;
    }
}
