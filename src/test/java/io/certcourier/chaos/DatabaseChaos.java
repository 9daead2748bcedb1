package io.certcourier.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;

/** PostgreSQL is lost in the middle of the work of two replicas. */
@ExtendWith(StageExtension.class)
class DatabaseChaos {

    private static final int RENEWALS = 20;

    private static Cell inTheMiddle(Stage stage, String fault) {
        stage.startUpTo(2);
        var cell = new Cell(stage, fault, 2);
        stage.flow().scm().faults().add(Fault.of(FaultKind.LATENCY).with("millis", 300).with("jitter", 300));
        long before = stage.flow().ledger().entries().size();
        cell.story().sendFresh(RENEWALS);
        Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20))
                .until(() -> stage.flow().ledger().entries().size() >= before + RENEWALS / 2);
        return cell;
    }

    @Test
    void kill_9_and_an_immediate_restart(Stage stage) {
        var cell = inTheMiddle(stage, "PostgreSQL killed and restarted");

        stage.platform().postgres().kill();
        stage.platform().postgres().restart();

        cell.settle(Instant.now());
    }

    @Test
    void thirty_seconds_down(Stage stage) {
        var cell = inTheMiddle(stage, "PostgreSQL 30 s down");

        stage.platform().postgres().kill();
        Stage.during(Duration.ofSeconds(30), stage::allLive);
        stage.platform().postgres().restart();

        cell.settle(Instant.now());
    }

    @Test
    void an_orderly_restart(Stage stage) {
        var cell = inTheMiddle(stage, "PostgreSQL stopped and restarted");

        stage.platform().postgres().stop();
        stage.platform().postgres().restart();

        cell.settle(Instant.now());
    }

    @Test
    void sessions_terminated_at_random(Stage stage) {
        var cell = inTheMiddle(stage, "sessions terminated at random");

        Stage.during(Duration.ofSeconds(15), () -> terminateOne(stage));

        cell.settle(Instant.now());
    }

    /** The tables that grow with each step lie on a small disk, which somebody else fills. */
    @Test
    void a_full_disk(Stage stage) {
        stage.startUpTo(2); // it makes the tables
        try (var disk = SmallDisk.mount(Stage.FOLDER.resolve("small-disk"))) {
            disk.take(stage.flow(), "attempt", "outbox", "renewal_target", "renewal_key");
            var cell = inTheMiddle(stage, "disk full for 15 s");

            disk.fill();
            cell.story().sendFresh(40);
            Stage.during(Duration.ofSeconds(15), stage::allLive);
            assertThat(stage.flow().query("SELECT 1 FROM renewal WHERE ended_at IS NULL")).as("what waits for the disk")
                    .isNotEmpty();
            disk.free();

            cell.settle(Instant.now());
            disk.giveBack(stage.flow());
        }
    }

    /** True, also if there was none. */
    static boolean terminateOne(Stage stage) {
        stage.flow().query("""
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'certcourier'
                 ORDER BY state = 'idle', random() LIMIT 1""");
        return true;
    }
}
