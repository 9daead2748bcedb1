package io.certcourier.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.certcourier.local.LocalKafka;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;

/** Kafka is lost in the middle of the work of two replicas. */
@ExtendWith(StageExtension.class)
class BrokerChaos {

    private static final int RENEWALS = 16;

    private static Cell inTheMiddle(Stage stage, String fault) {
        stage.startUpTo(2);
        var cell = new Cell(stage, fault, 2);
        stage.flow().scm().faults().add(Fault.of(FaultKind.LATENCY).with("millis", 500).with("jitter", 500));
        cell.story().sendFresh(RENEWALS);
        Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20))
                .until(() -> cell.story().stored() > 0);
        return cell;
    }

    @Test
    void kill_9_and_an_immediate_restart(Stage stage) {
        var cell = inTheMiddle(stage, "broker killed and restarted");

        stage.platform().kafka().kill();
        stage.platform().kafka().restart();

        cell.settle(Instant.now());
    }

    @Test
    void forty_five_seconds_down(Stage stage) {
        var cell = inTheMiddle(stage, "broker 45 s down");

        stage.platform().kafka().kill();
        Stage.during(Duration.ofSeconds(45), stage::allLive);
        stage.platform().kafka().restart();

        cell.settle(Instant.now());
    }

    @Test
    void the_topic_of_the_outcomes_is_missing(Stage stage) throws ExecutionException, InterruptedException {
        stage.startUpTo(2);
        var cell = new Cell(stage, "topic cert-delivered missing for 20 s", 2);
        try (var admin = Offsets.admin(stage.flow())) {
            admin.deleteTopics(List.of("cert-delivered")).all().get();
        }
        cell.story().sendFresh(RENEWALS);

        Stage.during(Duration.ofSeconds(20), stage::allLive);
        stage.platform().kafka().createTopics(LocalKafka.productTopics(2 * 1024 * 1024));
        cell.story().readTopicsAnew();

        cell.settle(Instant.now());
    }

    /** A member of the group that comes and goes and never commits. */
    @Test
    void partitions_move_every_three_seconds(Stage stage) {
        var cell = inTheMiddle(stage, "rebalance every 3 s for 30 s");

        for (int i = 0; i < 5; i++) {
            try (var stranger = new KafkaConsumer<byte[], byte[]>(strangerOf(stage))) {
                stranger.subscribe(List.of("cert-renewed"));
                stranger.poll(Duration.ofSeconds(3));
            }
            cell.story().sendFresh(2);
            Stage.during(Duration.ofSeconds(3), stage::allLive);
        }

        cell.settle(Instant.now());
    }

    private static Map<String, Object> strangerOf(Stage stage) {
        return Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, stage.platform().kafka().bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG, "certcourier", ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    }

    @Test
    void partitions_are_added(Stage stage) throws ExecutionException, InterruptedException {
        var cell = inTheMiddle(stage, "partitions added to cert-renewed");
        int before = cell.story().sent().size();
        try (var admin = Offsets.admin(stage.flow())) {
            int partitions = admin.describeTopics(List.of("cert-renewed")).allTopicNames().get().get("cert-renewed")
                    .partitions().size();
            admin.createPartitions(Map.of("cert-renewed", NewPartitions.increaseTo(partitions + 2))).all().get();
            for (int i = 0; i < 4; i++) {
                cell.story().sendTo(partitions + i % 2);
            }
        }

        assertThat(cell.story().sent()).hasSize(before + 4);
        cell.settle(Instant.now());
    }
}
