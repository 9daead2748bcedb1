package io.certcourier.intake;

import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One event as it came, by Kafka or HTTP. May hold a key in clear: read it and let it go.
 *
 * @param timestamp milliseconds since the epoch; producers may write anything
 * @param value null for a tombstone
 * @param idempotencyKey of the request's header; null for a record, or if the request has none
 */
record IncomingRecord(Place place, long timestamp, List<Header> headers, byte[] value, String idempotencyKey) {

    /** @param value may be null */
    record Header(String name, byte[] value) {
    }

    static IncomingRecord of(ConsumerRecord<byte[], byte[]> record) {
        var headers = new ArrayList<Header>();
        record.headers().forEach(header -> headers.add(new Header(header.key(), header.value())));
        return new IncomingRecord(Place.record(record.topic(), record.partition(), record.offset()), record.timestamp(),
                headers, record.value(), null);
    }

    @Override
    public String toString() {
        return place.toString();
    }
}
