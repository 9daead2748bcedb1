package io.certcourier.intake;

import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One Kafka record as it came. May hold a key in clear: read it and let it go.
 *
 * @param timestamp milliseconds since the epoch; producers may write anything
 * @param value null for a tombstone
 */
record IncomingRecord(String topic, int partition, long offset, long timestamp, List<Header> headers, byte[] value) {

    /** @param value may be null */
    record Header(String name, byte[] value) {
    }

    static IncomingRecord of(ConsumerRecord<byte[], byte[]> record) {
        var headers = new ArrayList<Header>();
        record.headers().forEach(header -> headers.add(new Header(header.key(), header.value())));
        return new IncomingRecord(record.topic(), record.partition(), record.offset(), record.timestamp(), headers,
                record.value());
    }

    @Override
    public String toString() {
        return topic + "/" + partition + "/" + offset;
    }
}
