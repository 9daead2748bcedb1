package io.certcourier.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The service's outcome events of the run that goes on: which renewal, and when it was told. */
final class Outcomes implements AutoCloseable {

    private final Map<UUID, Long> delivered = new ConcurrentHashMap<>();
    private final Map<UUID, Long> failed = new ConcurrentHashMap<>();
    private final Thread reader;
    private volatile boolean closed;

    Outcomes(String bootstrapServers) {
        var settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var partitions = List.of("cert-delivered", "cert-delivery-failed").stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        reader = new Thread(() -> read(consumer), "outcomes");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer) {
        try (consumer) {
            while (!closed) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    String id = new String(record.headers().lastHeader("ce_id").value(), UTF_8);
                    (record.topic().equals("cert-delivered") ? delivered : failed)
                            .putIfAbsent(UUID.fromString(id.substring(0, 36)), record.timestamp());
                });
            }
        }
    }

    void forget() {
        delivered.clear();
        failed.clear();
    }

    /** When each renewal was told as delivered, in milliseconds of the epoch. */
    Map<UUID, Long> delivered() {
        return delivered;
    }

    Map<UUID, Long> failed() {
        return failed;
    }

    int told() {
        return delivered.size() + failed.size();
    }

    @Override
    public void close() {
        closed = true;
    }
}
