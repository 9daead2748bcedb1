package io.certcourier.intake;

import static io.certcourier.outcome.ReasonCode.BUG;
import static io.certcourier.outcome.ReasonCode.ENVELOPE_INVALID;
import static io.certcourier.outcome.ReasonCode.PAYLOAD_TOO_LARGE;
import static io.certcourier.outcome.ReasonCode.PLAINTEXT_KEY_REFUSED;
import static io.certcourier.outcome.ReasonCode.SCHEMA_VIOLATION;
import static io.certcourier.outcome.ReasonCode.TOMBSTONE;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import com.fasterxml.jackson.databind.JsonNode;

import io.certcourier.certificate.CertificateBundle;
import io.certcourier.certificate.InvalidCertificate;
import io.certcourier.certificate.SecretBytes;
import io.certcourier.certificate.Target;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.renewal.RenewalRequest;
import io.certcourier.renewal.RenewalRequest.EventOrigin;
import io.certcourier.renewal.RenewalRequest.Rejection;
import io.certcourier.renewal.Renewals;
import io.quarkus.runtime.Startup;

/**
 * Reads one record: size, envelope, JSON, schema, account and targets, key, certificate, in this order; the first failure names
 * the reason. Never throws for a record, and never lets text of it into a detail or a log.
 */
@Startup // so that unusable routes end the boot, not the first event
@Singleton
class EventReader {

    private static final Logger LOG = Logger.getLogger(EventReader.class);
    private static final int TOLD_VIOLATIONS = 5;
    /** As the schema has it for idempotencyKey. */
    private static final String KEY_FORM = "[!-~]{1,128}";

    private final int maxBytes;
    private final boolean plaintextAllowed;
    private final EventSchema schema = new EventSchema();
    private final TargetRoutes routes;
    private final KeyEnvelope keyEnvelope;
    private final InstantSource clock;

    @Inject
    EventReader(IntakeConfig config, RecipientKeys recipients, Renewals renewals, InstantSource clock) {
        this(config, recipients, renewals::allowedTargets, clock);
    }

    EventReader(IntakeConfig config, RecipientKeys recipients, Function<String, Optional<Set<Target>>> allowedTargets,
            InstantSource clock) {
        maxBytes = config.maxEventBytes();
        plaintextAllowed = config.allowPlaintextKeys();
        routes = new TargetRoutes(config.routes(), allowedTargets);
        keyEnvelope = new KeyEnvelope(recipients);
        this.clock = clock;
    }

    /** @return to be closed by the caller */
    Reading read(IncomingRecord record) {
        var trace = RecordTrace.of(record, clock.instant());
        var envelope = new Envelope();
        try {
            requireValue(trace);
            envelope.open(record, trace);
            requireSchema(envelope.data());
            var event = CertRenewed.of(envelope.data());
            return new Reading.Event(trace, envelope.attributes(), envelope.form(), schema.unknownFields(envelope.data()),
                    event.privateKeyPem() != null && !record.place().wasFound(),
                    judge(event, envelope.attributes(), trace, key(event, envelope, record)));
        } catch (Refused refused) {
            return Reading.Refusal.of(trace, envelope, refused.code(), refused.detail());
        } catch (RuntimeException | StackOverflowError bug) { // some parsers recurse as deep as the event says
            LOG.errorf(new SilentBug(bug), "Record %s met a bug while it was read; it is refused", trace);
            return Reading.Refusal.of(trace, envelope, BUG, BUG.meaning());
        }
    }

    private void requireValue(RecordTrace trace) {
        if (trace.tombstone()) {
            throw new Refused(TOMBSTONE, TOMBSTONE.meaning());
        }
        if (trace.size() > maxBytes) {
            throw new Refused(PAYLOAD_TOO_LARGE, PAYLOAD_TOO_LARGE.meaning());
        }
    }

    private void requireSchema(JsonNode data) {
        List<EventSchema.Violation> violations = schema.violations(data);
        if (!violations.isEmpty()) {
            String places = violations.stream().limit(TOLD_VIOLATIONS).map(EventSchema.Violation::toString)
                    .collect(Collectors.joining(", "));
            int untold = violations.size() - TOLD_VIOLATIONS;
            throw new Refused(SCHEMA_VIOLATION, "The data does not follow schemas/cert-renewed.schema.json at " + places
                    + (untold > 0 ? " and " + untold + " more." : "."));
        }
    }

    /**
     * Null if the event is known by its id. A request without an envelope has nothing else that is the same on a repetition.
     */
    private static String key(CertRenewed event, Envelope envelope, IncomingRecord record) {
        String header = record.idempotencyKey();
        if (header == null && !record.place().isRecord() && envelope.form() == Envelope.Form.PLAIN) {
            throw new Refused(ENVELOPE_INVALID, "Data without an envelope needs the header Idempotency-Key.");
        }
        if (header != null && !header.matches(KEY_FORM)) {
            throw new Refused(ENVELOPE_INVALID,
                    "Header Idempotency-Key occurs twice, or is not 1 to 128 printable ASCII characters.");
        }
        if (header != null && event.idempotencyKey() != null && !header.equals(event.idempotencyKey())) {
            throw new Refused(ENVELOPE_INVALID, "Header Idempotency-Key is not the event's idempotencyKey.");
        }
        return header == null ? event.idempotencyKey() : header;
    }

    /**
     * From here on the event is a renewal: what refuses it now is its rejection.
     *
     * @param key null if the event is known by its id
     */
    private RenewalRequest judge(CertRenewed event, Attributes attributes, RecordTrace trace, String key) {
        // a glance before the certificate is checked, because routes go by its DNS names and policy comes before content
        var leaf = LeafGlance.at(event.certificatePem());
        var destination = routes.destination(event.certificateName(), event.account(), leaf.dnsNames());
        Instant replacedUntil = replacesNotAfter(event);
        Set<Target> targets = Set.of();
        CertificateBundle bundle = null;
        Rejection rejection = null;
        try {
            targets = routes.targets(event.targets(), destination);
            bundle = bundle(event, trace);
        } catch (Refused refused) {
            rejection = new Rejection(refused.code(), refused.detail());
        }
        return new RenewalRequest(Identity.renewalId(attributes.source(), key == null ? attributes.id() : key),
                Identity.payloadHash(event, leaf.fingerprint()), event.certificateName(), destination.account(), bundle,
                targets, event.sequence(), attributes.time() == null ? trace.recordTime() : attributes.time(),
                attributes.expiryTime(), replacedUntil, event.always(),
                event.labels() == null ? Map.of() : event.labels(), event.reason(), event.requestedBy(),
                origin(attributes, trace, key), rejection);
    }

    private CertificateBundle bundle(CertRenewed event, RecordTrace trace) {
        SecretBytes key;
        if (event.privateKeyJwe() != null) {
            key = keyEnvelope.open(event.privateKeyJwe());
        } else if (plaintextAllowed || trace.place().wasFound()) {
            key = SecretBytes.taking(event.privateKeyPem().getBytes(StandardCharsets.UTF_8));
        } else {
            throw new Refused(PLAINTEXT_KEY_REFUSED, PLAINTEXT_KEY_REFUSED.meaning());
        }
        try {
            var bundle = CertificateBundle.parse(event.certificatePem(), event.chainPem(), key, trace.receivedAt());
            return requireFingerprint(bundle, event.fingerprintSha256());
        } catch (InvalidCertificate invalid) {
            throw new Refused(ReasonCode.valueOf(invalid.reason().name()), invalid.getMessage());
        }
    }

    /** @param sha256 null if the event names none */
    private static CertificateBundle requireFingerprint(CertificateBundle bundle, String sha256) {
        try {
            bundle.requireFingerprint(sha256);
            return bundle;
        } catch (RuntimeException refusedOrBug) {
            bundle.close();
            throw refusedOrBug;
        }
    }

    private static Instant replacesNotAfter(CertRenewed event) {
        if (event.replaces() == null || event.replaces().notAfter() == null) {
            return null;
        }
        return Rfc3339.parse(event.replaces().notAfter()).orElseThrow(() -> new Refused(SCHEMA_VIOLATION,
                "The data does not follow schemas/cert-renewed.schema.json at /replaces/notAfter (format)."));
    }

    private static EventOrigin origin(Attributes attributes, RecordTrace trace, String key) {
        var place = trace.place();
        return new EventOrigin(place.channel(), attributes.source(), attributes.id(), key, attributes.correlationId(),
                attributes.traceparent(), place.topic(), place.partition(), place.offset(), trace.recordTime());
    }
}
