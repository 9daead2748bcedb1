package io.certcourier.intake;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import io.certcourier.certificate.Target;

/**
 * What the service makes of a record of some producer: read by its own reader, the key opened with the recipient key.
 *
 * @param privateKeyPem the key as it was before it was encrypted, without line breaks at its ends
 * @param unknownFields members of the data that the schema does not have
 */
public record ReadEvent(UUID renewalId, String source, String id, String certificateName, String account, Set<Target> targets,
        String fingerprintSha256, String requestedBy, String privateKeyPem, int unknownFields) {

    private static final Target DEFAULT = Target.parse("CDN");
    private static final Set<Target> ALLOWED = Set.of(DEFAULT, Target.parse("ELB@cn-north-4"));

    /**
     * Reads with accounts that may push to CDN and ELB@cn-north-4, and with a route to CDN for events that name no target.
     *
     * @param contentType of the record's header
     * @throws IllegalArgumentException the service refuses the record; the message names the reason code
     */
    public static ReadEvent of(Path recipientKeys, byte[] value, String contentType) {
        var config = ReaderBuilder.aReader(recipientKeys).route("*", null, DEFAULT.toString());
        var reader = new EventReader(config, new RecipientKeys(Optional.of(recipientKeys)), account -> Optional.of(ALLOWED),
                InstantSource.system());
        var header = new IncomingRecord.Header("content-type", contentType.getBytes(UTF_8));
        var record = new IncomingRecord(Place.record("cert-renewed", 0, 0), Instant.now().toEpochMilli(), List.of(header),
                value, null);
        try (var reading = reader.read(record)) {
            if (reading instanceof Reading.Event event && event.request().rejection() == null) {
                return of(event);
            }
            throw new IllegalArgumentException("refused: " + reason(reading));
        }
    }

    private static ReadEvent of(Reading.Event event) {
        var request = event.request();
        return new ReadEvent(request.id(), request.origin().source(), request.origin().eventId(), request.certificateName(),
                request.account(), request.targets(), request.bundle().facts().sha256(), request.requestedBy(),
                new String(request.bundle().keyPem().reveal(), US_ASCII), event.unknownFields());
    }

    private static String reason(Reading reading) {
        return reading instanceof Reading.Event event
                ? event.request().rejection().code() + ": " + event.request().rejection().detail()
                : ((Reading.Refusal) reading).code() + ": " + ((Reading.Refusal) reading).detail();
    }
}
