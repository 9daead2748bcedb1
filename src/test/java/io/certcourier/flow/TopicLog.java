package io.certcourier.flow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Everything that was ever written to the three outgoing topics, read from their beginning. */
public final class TopicLog implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TOPICS = List.of("cert-delivered", "cert-delivery-failed", "cert-renewed-dlq");

    /**
     * One record, with its headers as text.
     *
     * @param at when it was produced
     */
    public record Message(String topic, String key, Map<String, String> headers, byte[] value, Instant at) {

        public JsonNode json() {
            try {
                return JSON.readTree(value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public String outcome() {
            return json().path("outcome").asText();
        }

        public String reasonCode() {
            return json().path("failure").path("reasonCode").asText();
        }
    }

    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private volatile boolean closed;

    public TopicLog(String bootstrapServers) {
        var settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, "flow-test-" + UUID.randomUUID());
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(TOPICS);
        reader = new Thread(() -> read(consumer), "topic-log");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(KafkaConsumer<String, byte[]> consumer) {
        try (consumer) {
            while (!closed) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> messages.add(message(record)));
            }
        }
    }

    private static Message message(ConsumerRecord<String, byte[]> record) {
        var headers = new HashMap<String, String>();
        record.headers().forEach(h -> headers.put(h.key(), h.value() == null ? null : new String(h.value(), UTF_8)));
        return new Message(record.topic(), record.key(), headers, record.value(), Instant.ofEpochMilli(record.timestamp()));
    }

    public List<Message> all() {
        return List.copyOf(messages);
    }

    /** All outcome events of a renewal so far. */
    public List<Message> of(UUID renewal) {
        return messages.stream()
                .filter(m -> m.value() != null && renewal.toString().equals(m.json().path("renewalId").asText())).toList();
    }

    /** Waits for the first outcome event of a renewal. */
    public Message await(UUID renewal) {
        return await(renewal, 1);
    }

    public Message await(UUID renewal, int round) {
        var found = new ArrayList<Message>();
        Awaitility.await("outcome of " + renewal + " round " + round).atMost(Flow.PATIENCE).pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    found.clear();
                    of(renewal).stream().filter(m -> m.json().path("round").asInt() == round).forEach(found::add);
                    return !found.isEmpty();
                });
        return found.get(0);
    }

    /** Waits for the dead letter of a record, and answers it with the outcome event it names. */
    public Refusal awaitRefusal(int partition, long offset) {
        var found = new ArrayList<Refusal>();
        Awaitility.await("refusal of " + partition + "/" + offset).atMost(Flow.PATIENCE).pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    found.clear();
                    messages.stream().filter(m -> isLetterOf(m, partition, offset))
                            .forEach(letter -> messages.stream()
                                    .filter(m -> letter.headers().get("dlq-outcome-id").equals(m.headers().get("ce_id")))
                                    .forEach(outcome -> found.add(new Refusal(outcome, letter))));
                    return !found.isEmpty();
                });
        return found.get(0);
    }

    private static boolean isLetterOf(Message message, int partition, long offset) {
        return message.topic().equals("cert-renewed-dlq")
                && String.valueOf(partition).equals(message.headers().get("dlq-partition"))
                && String.valueOf(offset).equals(message.headers().get("dlq-offset"));
    }

    /** The two events that answer a refused record. */
    public record Refusal(Message outcome, Message letter) {
    }

    @Override
    public void close() {
        closed = true;
        try {
            reader.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
