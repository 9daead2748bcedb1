package io.certcourier.flow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import io.certcourier.certificate.TestCa;
import io.certcourier.local.scm.Ledger;
import io.certcourier.local.scm.ScmEmulator;

/** What a flow test does: send events, wait for outcomes, look into the ledger and the database. */
public final class Flow implements AutoCloseable {

    public static final Duration PATIENCE = Duration.ofSeconds(60);
    public static final TestCa CA = TestCa.create();

    private final Platform platform;
    private final KafkaProducer<String, byte[]> producer;
    private final TopicLog topics;

    public Flow(Platform platform) {
        this.platform = platform;
        var settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, platform.kafka().bootstrapServers());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 4 * 1024 * 1024);
        this.producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        this.topics = new TopicLog(platform.kafka().bootstrapServers());
    }

    /** A certificate name that no other test uses. */
    public static String freshName(String story) {
        return story + "-" + UUID.randomUUID().toString().substring(0, 8) + ".example.com";
    }

    /** Sends the event in CloudEvents binary mode. */
    public RecordMetadata send(TestEvent event) {
        return send(new ProducerRecord<>("cert-renewed", null, event.certificateName(), event.data(), event.headers()));
    }

    /** Sends without waiting for the broker, for a burst. */
    public void sendSoon(TestEvent event) {
        producer.send(new ProducerRecord<>("cert-renewed", null, event.certificateName(), event.data(), event.headers()));
    }

    public Future<RecordMetadata> sendSoon(ProducerRecord<String, byte[]> record) {
        return producer.send(record);
    }

    public RecordMetadata send(ProducerRecord<String, byte[]> record) {
        return confirmed(producer.send(record));
    }

    /** Where the broker has put a record. */
    public static RecordMetadata confirmed(Future<RecordMetadata> sent) {
        try {
            return sent.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    public TopicLog topics() {
        return topics;
    }

    public Platform platform() {
        return platform;
    }

    public ScmEmulator scm() {
        return platform.scm();
    }

    public Ledger ledger() {
        return platform.scm().ledger();
    }

    /** The rows of a query, each a map by column. */
    public List<Map<String, Object>> query(String sql, Object... parameters) {
        try (var connection = platform.database(); var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            var rows = new ArrayList<Map<String, Object>>();
            try (var result = statement.executeQuery()) {
                while (result.next()) {
                    var row = new java.util.LinkedHashMap<String, Object>();
                    for (int c = 1; c <= result.getMetaData().getColumnCount(); c++) {
                        row.put(result.getMetaData().getColumnLabel(c), result.getObject(c));
                    }
                    rows.add(row);
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public int update(String sql, Object... parameters) {
        try (var connection = platform.database(); var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The stored state of a renewal; null if there is none. */
    public String state(UUID renewal) {
        var rows = query("SELECT state FROM renewal WHERE id = ?", renewal);
        return rows.isEmpty() ? null : (String) rows.get(0).get("state");
    }

    /** As a producer computes it. */
    public static UUID renewalId(String source, String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest((source + "\n" + key).getBytes(UTF_8));
            hash[6] = (byte) (hash[6] & 0x0f | 0x80);
            hash[8] = (byte) (hash[8] & 0x3f | 0x80);
            var buffer = ByteBuffer.wrap(hash);
            return new UUID(buffer.getLong(), buffer.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
        topics.close();
    }
}
