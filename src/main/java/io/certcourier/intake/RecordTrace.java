package io.certcourier.intake;

import java.time.Instant;
import java.util.HexFormat;

/**
 * What may be told of an event after its bytes are gone: where it came in, how large it is, its hash.
 *
 * @param recordTime the record's timestamp; the arrival if the producer wrote one that is no date of our time
 * @param size of the value in bytes; -1 for a tombstone
 * @param sha256 of the value; of no bytes for a tombstone
 */
record RecordTrace(Place place, Instant recordTime, Instant receivedAt, int size, byte[] sha256) {

    private static final byte[] NOTHING = {};
    private static final Instant END_OF_TIMES = Instant.parse("9999-12-31T00:00:00Z");

    static RecordTrace of(IncomingRecord record, Instant receivedAt) {
        byte[] value = record.value();
        return new RecordTrace(record.place(), plausible(record.timestamp(), receivedAt),
                receivedAt, value == null ? -1 : value.length, Identity.sha256(value == null ? NOTHING : value));
    }

    /** Timestamps that the outcome's four-digit years cannot hold would make an event of ours invalid. */
    private static Instant plausible(long timestamp, Instant receivedAt) {
        boolean usable = timestamp > 0 && timestamp < END_OF_TIMES.toEpochMilli();
        return usable ? Instant.ofEpochMilli(timestamp) : receivedAt;
    }

    String sha256Hex() {
        return HexFormat.of().formatHex(sha256);
    }

    boolean tombstone() {
        return size < 0;
    }

    @Override
    public String toString() {
        return place.toString();
    }
}
