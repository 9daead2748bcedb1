package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The database or the broker dies under the running service: nothing is lost, and nobody has to restart it. */
class OutageIT {

    private static final Path FOLDER = Path.of("target", "flow-outage");

    private static final Path CLASSES = FOLDER.resolve("classes.log").toAbsolutePath();

    private static Platform platform;
    private static Flow flow;
    private static ServiceProcess service;

    @BeforeAll
    static void start() {
        platform = Platform.start(FOLDER);
        flow = new Flow(platform);
        service = ServiceProcess.start(FOLDER.resolve("service.log"), platform.configuration(),
                "-Xlog:class+load:file=" + CLASSES).awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
        flow.close();
        platform.close();
    }

    private static List<TestEvent> send(int count, String story) {
        var events = new ArrayList<TestEvent>();
        for (int i = 0; i < count; i++) {
            events.add(TestEvent.fresh(story));
            flow.send(events.get(i));
        }
        return events;
    }

    private static void assertDeliveredOnce(List<TestEvent> events) {
        for (var event : events) {
            var outcome = flow.topics().await(event.renewalId());
            assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
            assertThat(flow.ledger().created(outcome.json().path("scm").path("name").asText())).hasSize(1);
        }
    }

    @Test
    void a_database_that_is_killed_makes_it_unready_not_dead_and_loses_nothing() {
        var before = send(10, "database");
        platform.postgres().kill();
        var during = send(10, "no-database");

        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> service.status("/q/health/ready") == 503);
        assertThat(service.status("/q/health/live")).isEqualTo(200);
        platform.postgres().restart();
        long up = System.nanoTime();

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> service.status("/q/health/ready") == 200);
        assertDeliveredOnce(before);
        assertDeliveredOnce(during);
        System.out.printf("after the database was back: all delivered within %d ms%n",
                Duration.ofNanos(System.nanoTime() - up).toMillis());
        assertThat(service.log().lines().filter(line -> line.contains("\"log.level\":\"WARN\"") && line.contains("database")))
                .as("no log storm")
                .hasSizeLessThan(20);
    }

    @Test
    void a_broker_that_is_killed_delays_the_outcomes_and_loses_none() {
        var events = send(10, "broker");
        platform.kafka().kill();
        assertThat(service.status("/q/health/live")).isEqualTo(200);
        platform.kafka().restart();
        var later = send(5, "broker-back");

        assertDeliveredOnce(events);
        assertDeliveredOnce(later);
        assertThat(service.status("/q/health/live")).isEqualTo(200);
        assertThat(service.status("/q/health/ready")).isEqualTo(200);
    }

    @Test
    void nothing_of_kubernetes_is_even_loaded_where_no_secrets_are_watched() throws IOException {
        assertThat(CLASSES).content().contains("io.certcourier.certmanager.CertManagerWatch ")
                .doesNotContain("io.fabric8.kubernetes.client", "java.net.http.HttpClient ");
    }
}
