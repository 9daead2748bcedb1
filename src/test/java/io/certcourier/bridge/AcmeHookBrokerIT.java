package io.certcourier.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.certcourier.certificate.TestCa;
import io.certcourier.deploy.Tool;
import io.certcourier.flow.Flow;
import io.certcourier.intake.ReadEvent;
import io.certcourier.intake.Recipient;
import io.certcourier.local.LocalKafka;

/** The hook with real kcat and a real broker. */
class AcmeHookBrokerIT {

    private static final TestCa CA = TestCa.create();
    private static LocalKafka kafka;

    @TempDir
    private Path folder;
    private AcmeHook hook;

    @BeforeAll
    static void start_broker() {
        AcmeHook.assumeTools();
        Tool.assumeInstalled("kcat");
        kafka = LocalKafka.start(Path.of("target", "acme-hook", "kafka"), 0);
        kafka.createTopics();
    }

    @AfterAll
    static void stop_broker() {
        if (kafka != null) {
            kafka.close();
        }
    }

    @BeforeEach
    void install() {
        hook = AcmeHook.in(folder, new Recipient("2026-11"), "bootstrap.servers=" + kafka.bootstrapServers() + "\n");
    }

    /** All records of cert-renewed with this key, in order of their offsets. */
    private static List<ConsumerRecord<String, byte[]>> records(String key) {
        var found = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var consumer = new KafkaConsumer<>(Map.<String, Object> of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor("cert-renewed").stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        return found.stream().filter(record -> key.equals(record.key())).toList();
    }

    private ReadEvent read(ConsumerRecord<String, byte[]> record) {
        var header = record.headers().lastHeader("content-type");
        return ReadEvent.of(hook.recipientKeys(), record.value(), new String(header.value(), UTF_8));
    }

    @Test
    void a_broker_that_answers_has_the_event_when_the_hook_ends() {
        String name = Flow.freshName("direct");

        var result = hook.emit(name, CA.issue(name));

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(hook.spooled()).isEmpty();
        assertThat(records(name)).singleElement().satisfies(record -> {
            assertThat(record.headers()).hasSize(1);
            assertThat(read(record).certificateName()).isEqualTo(name);
        });
    }

    @Test
    void a_broker_that_is_down_gets_the_event_by_a_flush() {
        String name = Flow.freshName("late");
        var certificate = CA.issue(name);
        kafka.kill();

        var down = hook.emit(name, certificate);
        var stillDown = hook.flush();
        kafka.restart();
        var up = hook.flush();

        assertThat(down.exitCode()).as(down.output()).isEqualTo(75);
        assertThat(stillDown.exitCode()).as(stillDown.output()).isEqualTo(75);
        assertThat(up.exitCode()).as(up.output()).isZero();
        assertThat(hook.spooled()).isEmpty();
        assertThat(records(name)).singleElement()
                .satisfies(record -> assertThat(read(record).certificateName()).isEqualTo(name));
    }

    @Test
    void the_same_renewal_sent_twice_has_one_identity() {
        String name = Flow.freshName("twice");
        var certificate = CA.issue(name);
        hook.emit(name, certificate);

        hook.emit(name, certificate);

        assertThat(records(name)).hasSize(2).extracting(this::read).extracting(ReadEvent::renewalId).containsOnly(
                Flow.renewalId(AcmeHook.SOURCE, name + ":" + read(records(name).get(0)).fingerprintSha256()));
    }

    @Test
    void an_event_the_broker_refuses_stays_in_the_spool() {
        hook.with("topic", "no-such-topic");

        var result = hook.emit("lost.example.com", CA.issue("lost.example.com"));

        assertThat(result.exitCode()).as(result.output()).isEqualTo(75);
        assertThat(hook.spooled()).hasSize(1);
    }

    @Test
    void a_misspelt_property_of_kcat_is_told_without_its_value() {
        hook.write("kcat.conf", "bootstrap.servers=" + kafka.bootstrapServers() + "\nsasl.pasword=do-not-show-this\n");

        var result = hook.emit("typo.example.com", CA.issue("typo.example.com"));

        assertThat(result.exitCode()).isEqualTo(75);
        assertThat(result.output()).contains("sasl.pasword").doesNotContain("do-not-show-this");
        assertThat(hook.spooled()).hasSize(1);
    }
}
