package io.certcourier.renewal;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a page ended: the place of its last entry in the order newest first. Callers hand it back as they got it.
 *
 * @param at when the entry was stored, to the microsecond, as the database keeps it
 */
public record PageCursor(Instant at, UUID id) {

    private static final int BYTES = 24;

    /** 32 characters that need no escaping in a URL. */
    public String encoded() {
        byte[] bytes = ByteBuffer.allocate(BYTES).putLong(ChronoUnit.MICROS.between(Instant.EPOCH, at))
                .putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Empty if the text is no cursor of ours. */
    public static Optional<PageCursor> parse(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length != BYTES) {
                return Optional.empty();
            }
            var buffer = ByteBuffer.wrap(bytes);
            long micros = buffer.getLong();
            Instant at = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
            return isCalendarTime(at)
                    ? Optional.of(new PageCursor(at, new UUID(buffer.getLong(), buffer.getLong())))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Others are not the database's: it would refuse them in the middle of a query. */
    private static boolean isCalendarTime(Instant time) {
        return !time.isBefore(Instant.EPOCH) && time.isBefore(Instant.parse("9999-12-31T00:00:00Z"));
    }
}
