package io.certcourier.chaos;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;

/** Replicas come, go, and disagree about the time. */
@ExtendWith(StageExtension.class)
class EnvironmentChaos {

    private static final int RENEWALS = 20;

    /** Leases and due times go by the database's clock, and SCM tells a signature's right time. */
    @ParameterizedTest
    @ValueSource(strings = { "PT1H", "PT-1H" })
    void a_wrong_clock_decides_nothing(Duration offset, Stage stage) {
        stage.clear();
        stage.start();
        stage.startAhead(offset);
        var cell = new Cell(stage, "clock of one replica off by " + offset.toHours() + " h", 2);
        var since = Instant.now();

        cell.story().sendFresh(RENEWALS);

        cell.settle(since);
    }

    @Test
    void a_rolling_restart_under_load_costs_no_call(Stage stage) {
        stage.clear();
        stage.startUpTo(2);
        var cell = new Cell(stage, "rolling restart under load", 2);
        stage.flow().scm().faults().add(Fault.of(FaultKind.LATENCY).with("millis", 200).with("jitter", 300));

        for (int i = 0; i < 4; i++) {
            cell.story().sendFresh(RENEWALS);
            stage.start();
            stage.alive().get(0).terminate();
        }
        var since = Instant.now();
        cell.story().awaitSettled();
        cell.add(Invariants.checkCost(cell.story().evidence()));

        cell.settle(since);
    }
}
