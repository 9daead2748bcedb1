package io.certcourier.intake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

import io.certcourier.outcome.ReasonCode;

/** Ids and digests that anyone can compute from an event, so that the same event is the same renewal for everybody. */
final class Identity {

    private Identity() {
    }

    /** @param key the event's idempotency key, else its id */
    static UUID renewalId(String source, String key) {
        return uuid(source + "\n" + key);
    }

    /** The hash is part of it because offsets start again when a topic is made anew. */
    static UUID refusalId(String topic, int partition, long offset, String valueSha256) {
        return uuid("refused\n" + topic + "/" + partition + "/" + offset + "/" + valueSha256);
    }

    /** A request that is sent again, and refused again for the same reason, is the same refusal. */
    static UUID refusedRequestId(String caller, ReasonCode code, String bodySha256) {
        return uuid("refused\nhttp\n" + code + "\n" + bodySha256 + "\n" + caller);
    }

    /**
     * Digest of what makes two events the same request. Account and targets count as written: a changed route must not turn a
     * redelivered record into a conflict. No field can hold a line feed, so the lines cannot be mistaken for each other.
     */
    static byte[] payloadHash(CertRenewed event, String leafFingerprint) {
        List<String> targets = event.targets() == null ? List.of()
                : event.targets().stream().map(CertRenewed.Target::toString).sorted().distinct().toList();
        return sha256(utf8(String.join("\n", event.certificateName(), orEmpty(event.account()), leafFingerprint,
                String.join(",", targets), event.sequence() == null ? "" : event.sequence().toString(),
                event.always() ? "always" : "if-changed")));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String sha256Hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256(bytes));
    }

    /** Version 8 of RFC 9562: the first 16 bytes of the hash, version and variant bits set. */
    private static UUID uuid(String name) {
        var hash = ByteBuffer.wrap(sha256(utf8(name)));
        long high = hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x8000L;
        long low = hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
