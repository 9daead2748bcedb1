package io.certcourier.renewal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a page of certificates ended. Callers hand it back as they got it.
 *
 * @param rank 0 for those that need attention, which come first, else 1
 * @param expiresMicros since the epoch; {@link #UNKNOWN} sorts first
 */
public record CertificateCursor(int rank, long expiresMicros, String subjectKey) {

    static final long UNKNOWN = Long.MIN_VALUE;

    private static final int LONGEST_KEY = 320 * 4;
    /** About the year 9999, up to which the database and certificates count. */
    private static final long FAR = 253_370_764_800_000_000L;

    /** Null if it is not known. */
    Instant expiresAt() {
        return expiresMicros == UNKNOWN ? null : Instant.EPOCH.plus(expiresMicros, ChronoUnit.MICROS);
    }

    /** Characters that need no escaping in a URL. */
    public String encoded() {
        byte[] key = subjectKey.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = ByteBuffer.allocate(1 + Long.BYTES + key.length).put((byte) rank).putLong(expiresMicros).put(key)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Empty if the text is no cursor of ours. */
    public static Optional<CertificateCursor> parse(String text) {
        try {
            var buffer = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (buffer.remaining() <= 1 + Long.BYTES || buffer.remaining() > 1 + Long.BYTES + LONGEST_KEY) {
                return Optional.empty();
            }
            int rank = buffer.get();
            long micros = buffer.getLong();
            String key = StandardCharsets.UTF_8.decode(buffer).toString();
            boolean ours = (rank == 0 || rank == 1) && (micros == UNKNOWN || Math.abs(micros) < FAR)
                    && key.chars().noneMatch(Character::isISOControl);
            return ours ? Optional.of(new CertificateCursor(rank, micros, key)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
