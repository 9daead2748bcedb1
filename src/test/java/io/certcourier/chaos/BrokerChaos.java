package io.certcourier.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
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
        try (var admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                stage.platform().kafka().bootstrapServers()))) {
            admin.deleteTopics(List.of("cert-delivered")).all().get();
        }
        cell.story().sendFresh(RENEWALS);

        Stage.during(Duration.ofSeconds(20), stage::allLive);
        stage.platform().kafka().createTopics(LocalKafka.productTopics(2 * 1024 * 1024));
        cell.story().readTopicsAnew();

        cell.settle(Instant.now());
    }
}
