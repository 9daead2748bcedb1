package io.certcourier.outcome;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import io.certcourier.outcome.Outcome.Certificate;
import io.certcourier.outcome.Outcome.Delivered;
import io.certcourier.outcome.Outcome.DeliveryFailed;
import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.Outcome.Origin;
import io.certcourier.outcome.Outcome.Provider;
import io.certcourier.outcome.Outcome.Scm;
import io.certcourier.outcome.Outcome.TargetReport;
import io.certcourier.outcome.Outcome.Timing;
import io.certcourier.outcome.ReasonCode.Phase;

/** Outcomes as the engine makes them, one of each kind, with every field that the kind may have. */
final class SampleOutcomes {

    static final UUID RENEWAL = UUID.fromString("8376464f-c7e5-8048-80c5-d2862540b59a");
    static final UUID REFUSAL = UUID.fromString("2016515a-ca99-88b3-bc31-a3ad16254fea");
    static final String NAME = "shop/www.example.com";

    private static final Instant NOW = Instant.parse("2026-11-24T03:15:05.961234Z");
    private static final UUID OTHER = UUID.fromString("976c3b46-d72b-83db-8ca4-fdd12cbdc7c5");
    private static final Timing TIMING = new Timing(NOW.minusSeconds(4), NOW.minusSeconds(3), NOW.minusSeconds(2), NOW, 3000,
            3);
    private static final Timing NOT_STARTED = new Timing(NOW, NOW, null, NOW, 0, 0);
    private static final Origin KAFKA = new Origin("kafka", "urn:certbot:web-3", "www.example.com:73e7", "www.example.com:17",
            "cert-renewed", 3, 1847L);
    private static final Scm SCM = new Scm("scs1795490103217", "cr-www.example.com-73e7fe96c35545f06f13cb45", true, NOW);
    private static final Certificate CERTIFICATE = new Certificate(
            "73e7fe96c35545f06f13cb45e71c0df0c79a0d51d9ca483d92ff06aeec689823", "707482046578bf5ebcbe1af92eeab0b54b362243",
            "4a03",
            "www.example.com", List.of("www.example.com", "example.com"), "O=Example Trust,CN=Example Issuing CA 1",
            Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2036-01-01T00:00:00Z"), "EC-P256");
    private static final TargetReport PUSHED = new TargetReport("ELB", "cn-north-4", "PUSHED", NOW, false, 2, true,
            "a3b0c1f2e4d54c6f9a8b7c6d5e4f3a2b", null);
    private static final TargetReport THERE = new TargetReport("WAF", "cn-north-4", "PUSHED", NOW, true, 0, null, null, null);
    private static final Map<String, String> LABELS = Map.of("owner", "team-shop");

    private SampleOutcomes() {
    }

    static Delivered delivered() {
        return new Delivered(RENEWAL, 1, "SUCCEEDED", NAME, "prod", CERTIFICATE, SCM, List.of(PUSHED, THERE), TIMING, KAFKA,
                LABELS,
                OTHER);
    }

    static Delivered unchanged() {
        return new Delivered(RENEWAL, 1, "UNCHANGED", NAME, "prod", CERTIFICATE, SCM, List.of(THERE), NOT_STARTED,
                new Origin("http", "urn:certcourier:http:ci", "1", null, null, null, null), null, null);
    }

    static DeliveryFailed partial() {
        return failed("PARTIAL", SCM, List.of(notReached(ReasonCode.TARGET_PERMISSION), PUSHED),
                failure(ReasonCode.TARGET_PERMISSION), NOW, null);
    }

    static DeliveryFailed failed(ReasonCode code) {
        return failed("FAILED", null, List.of(notReached(code)), failure(code), null, null);
    }

    static DeliveryFailed superseded() {
        return failed("SUPERSEDED", null, List.of(notAttempted()), failure(ReasonCode.SUPERSEDED), null, OTHER);
    }

    /** An event that could be read and was refused. */
    static DeliveryFailed rejected() {
        return new DeliveryFailed(RENEWAL, 1, null, "REJECTED", "warning", failure(ReasonCode.KEY_MISMATCH), NAME, "prod",
                CERTIFICATE, null, List.of(notAttempted()), NOT_STARTED, KAFKA, LABELS, null, null);
    }

    /** A record of which nothing could be read. */
    static DeliveryFailed refused() {
        return new DeliveryFailed(null, null, REFUSAL, "REJECTED", "warning",
                Failure.of(ReasonCode.MALFORMED_JSON, Phase.INTAKE, null, null), null, null, null, null, null, NOT_STARTED,
                new Origin("kafka", null, null, null, "cert-renewed", 3, 1848L), null, null, null);
    }

    static Stream<DeliveryFailed> failures() {
        return Stream.of(partial(), failed(ReasonCode.SCM_QUOTA),
                failed("EXPIRED", SCM, List.of(notReached(ReasonCode.TARGET_FAILED)), failure(ReasonCode.DEADLINE_EXCEEDED),
                        NOW, null),
                rejected(), refused(), superseded(),
                failed("CANCELLED", SCM, List.of(PUSHED, notAttempted()), failure(ReasonCode.CANCELLED_BY_OPERATOR), NOW,
                        null));
    }

    static DeadLetter deadLetter() {
        return new DeadLetter(REFUSAL.toString(), REFUSAL.toString(), ReasonCode.ENVELOPE_INVALID,
                "The header ce_id is missing.",
                "cert-renewed", 3, 1848, NOW, 512, "73e7fe96c35545f06f13cb45e71c0df0c79a0d51d9ca483d92ff06aeec689823", "id-1",
                "urn:certbot:web-3", "io.certcourier.certificate.renewed.v1",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    }

    static DeadLetter tombstone() {
        return new DeadLetter(REFUSAL.toString(), REFUSAL.toString(), ReasonCode.TOMBSTONE, null, "cert-renewed", 0, 0, NOW, -1,
                null, null, null, null, null);
    }

    private static DeliveryFailed failed(String outcome, Scm scm, List<TargetReport> targets, Failure failure,
            Instant retryUntil,
            UUID supersededBy) {
        return new DeliveryFailed(RENEWAL, 2, null, outcome, "warning", failure, NAME, "prod", CERTIFICATE, scm, targets,
                TIMING,
                KAFKA, LABELS, retryUntil, supersededBy);
    }

    private static TargetReport notReached(ReasonCode code) {
        return new TargetReport("CDN", null, "NONE", null, false, 1, null, null, failure(code));
    }

    private static TargetReport notAttempted() {
        return new TargetReport("CDN", null, "NONE", null, false, 0, null, null, null);
    }

    private static Failure failure(ReasonCode code) {
        return Failure.of(code, Phase.PUSH, null,
                new Provider("batch-push", "SCM.0212", 400, "6f1d2c3b4a5968778695a4b3c2d1e0f9"));
    }
}
