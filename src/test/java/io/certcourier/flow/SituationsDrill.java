package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.certcourier.flow.Signal.Kind;

/**
 * Each trouble is told within a minute, by what is watched and by what people ask, and nothing flaps. Run by
 * {@code mvn -Pdrill verify}; docs/situations.md has what it prints.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SituationsDrill {

    private static final Path FOLDER = Path.of("target", "drill");

    private final SituationTable table = new SituationTable();
    private Platform platform;
    private Flow flow;
    private ServiceProcess service;
    private Watch watch;
    private Situations situations;

    @BeforeAll
    void start() {
        platform = Platform.start(FOLDER);
        flow = new Flow(platform);
        service = ServiceProcess.start(FOLDER.resolve("service.log"), platform.configuration()).awaitReady();
        watch = new Watch(service);
        situations = new Situations(flow, service);
    }

    @AfterAll
    void stop() {
        table.close(1 + situations.troubles().size());
        watch.close();
        service.close();
        flow.close();
        platform.close();
    }

    /** What one situation has left must not be told of in the next. */
    @AfterEach
    void allEnded() {
        Awaitility.await().atMost(Duration.ofMinutes(2))
                .until(() -> flow.query("SELECT 1 FROM renewal WHERE ended_at IS NULL LIMIT 1").isEmpty()
                        && flow.query("SELECT 1 FROM outbox LIMIT 1").isEmpty());
    }

    Stream<Situation> troubles() {
        return situations.troubles().stream();
    }

    @Test
    @Order(1)
    void a_delivery_without_trouble_is_told_by_no_probe_and_no_alert() {
        var run = SituationRun.ofNothing(situations.healthy(), watch);

        table.add(run);
        assertThat(run.told().keySet().stream().filter(signal -> !signal.words().contains("pending"))).isEmpty();
        assertThat(run.probeChanges().values()).containsOnly(0);
    }

    @ParameterizedTest
    @Order(2)
    @MethodSource("troubles")
    void trouble_is_told_within_a_minute_and_nothing_flaps(Situation situation) {
        var run = SituationRun.of(situation, watch);

        table.add(run);
        assertThat(run.told().keySet()).as("all that should tell of it").containsAll(situation.signals());
        assertThat(run.told().values()).allSatisfy(after -> assertThat(after).isLessThanOrEqualTo(SituationRun.MOST));
        assertThat(run.toldInTime(Kind.PROBE, Kind.METRIC)).isTrue();
        assertThat(run.toldInTime(Kind.API)).isTrue();
        assertThat(run.probeChanges().values()).as("turns of a probe: down and up").allMatch(turns -> turns <= 2);
        assertThat(run.probeChanges()).containsEntry(Watch.LIVE, 0);
        assertThat(situation.signals()).filteredOn(signal -> signal.kind() == Kind.ALERT)
                .allSatisfy(alert -> assertThat(run.changes(alert)).as(alert.words()).isLessThanOrEqualTo(2));
    }
}
