package io.certcourier.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import io.certcourier.leak.LeakPlaces;
import io.certcourier.leak.LeakSearch;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;
import io.certcourier.local.scm.Operation;

/** The packaged service as a process: killed in the middle, stopped politely, and searched for secrets. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KilledServiceIT {

    private static final Path FOLDER = Path.of("target", "flow-killed");
    private static final Path LOG = FOLDER.resolve("service.log");

    private static Platform platform;
    private static Flow flow;
    private static ServiceProcess service;
    private static final List<TestEvent> EVENTS = new ArrayList<>();

    @BeforeAll
    static void start() {
        platform = Platform.start(FOLDER);
        flow = new Flow(platform);
        service = startService().awaitReady();
    }

    private static ServiceProcess startService() {
        return ServiceProcess.start(LOG, platform.configuration());
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
            var event = TestEvent.fresh(story);
            events.add(event);
            flow.send(event);
        }
        EVENTS.addAll(events);
        return events;
    }

    private static void assertDeliveredOnce(List<TestEvent> events) {
        for (var event : events) {
            var outcome = flow.topics().await(event.renewalId());
            assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
            assertThat(OutcomeSchema.problems(outcome)).isEmpty();
            assertThat(flow.ledger().created(outcome.json().path("scm").path("name").asText())).as("one certificate per leaf")
                    .hasSize(1);
            assertThat(flow.ledger().targetsReached(outcome.json().path("scm").path("certificateId").asText())).hasSize(3);
        }
        for (var event : events) {
            assertThat(flow.topics().of(event.renewalId()).stream().map(m -> new String(m.value(), UTF_8)).distinct())
                    .hasSize(1);
        }
    }

    @Test
    @Order(1)
    void kill_9_in_the_middle_of_fifty_renewals_loses_and_doubles_nothing() {
        flow.scm().faults().add(Fault.of(FaultKind.LATENCY).with("millis", 400).with("jitter", 200));
        var events = send(50, "killed");
        Awaitility.await().atMost(Flow.PATIENCE).pollInterval(Duration.ofMillis(20))
                .until(() -> flow.ledger().count(Operation.IMPORT) >= 25);

        service.kill();
        long openAfterKill = flow.query("SELECT 1 FROM renewal WHERE ended_at IS NULL").size();
        service = startService();
        flow.scm().faults().clear();

        assertThat(openAfterKill).as("killed in the middle").isPositive();
        // a lost import is looked up when its old lease and call are over for certain
        Awaitility.await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(300)).until(
                () -> flow.query("SELECT 1 FROM renewal").size() == 50
                        && flow.query("SELECT 1 FROM renewal WHERE ended_at IS NULL").isEmpty());
        assertDeliveredOnce(events);
        service.awaitReady();
    }

    @Test
    @Order(2)
    void a_polite_stop_in_the_middle_repeats_no_call() {
        long before = flow.ledger().entries().size();
        flow.scm().faults().add(Fault.of(FaultKind.LATENCY).with("millis", 150).with("jitter", 100));
        var events = send(30, "stopped");
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> flow.ledger().entries().size() >= before + 20);

        int exitCode = service.terminate();
        service = startService();
        flow.scm().faults().clear();

        assertThat(exitCode).isEqualTo(143);
        // the start of the process is part of the time
        Awaitility.await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(300)).until(
                () -> flow.query("SELECT 1 FROM renewal WHERE ended_at IS NULL").isEmpty());
        assertDeliveredOnce(events);
        for (var event : events) {
            var name = flow.topics().await(event.renewalId()).json().path("scm").path("name").asText();
            assertThat(flow.ledger().callsFor(name)).as("1 import and 3 pushes").hasSize(4);
        }
        service.awaitReady();
    }

    @Test
    @Order(3)
    void no_key_byte_is_in_logs_topics_or_the_database_of_the_killed_and_the_stopped() {
        service.terminate();

        var search = new LeakSearch().mark("BEGIN PRIVATE KEY").mark("SDK-HMAC-SHA256 Access=");
        EVENTS.forEach(event -> search.key(event.certificateName(), (String) event.fields().get("privateKeyPem")));

        assertThat(search.secrets()).isEqualTo(80);
        assertThat(search.inFile(LOG)).isEmpty();
        assertThat(LeakPlaces.topics(search, flow)).isEmpty();
        assertThat(LeakPlaces.database(search, flow)).isEmpty();
        assertThat(flow.query("""
                SELECT r.id, r.state FROM renewal r JOIN renewal_key k ON k.renewal = r.id
                 WHERE r.ended_at IS NOT NULL OR coalesce(r.held_from, r.state) = 'PUSHING'""")).as("a key outlived its import")
                .isEmpty();
    }
}
