package io.certcourier.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.certcourier.chaos.agent.StrikeOrder.Blow;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;
import io.certcourier.local.scm.Operation;

/** The service dies at each instruction between two commit points, alone and beside another replica. */
@ExtendWith(StageExtension.class)
class FaultPointChaos {

    private static final int RENEWALS = 12;

    static Stream<Arguments> points() {
        return Arrays.stream(FaultPoint.values())
                .flatMap(point -> Stream.of(1, 2).map(replicas -> Arguments.of(point, replicas)));
    }

    @ParameterizedTest
    @MethodSource("points")
    void a_halt_loses_and_doubles_nothing(FaultPoint point, int replicas, Stage stage) {
        stage.clear();
        var order = point.order(Blow.HALT, 2, stage.freshMark());
        var struck = stage.startStruck(order);
        if (replicas == 2) {
            stage.start();
        }
        var cell = new Cell(stage, point.label(), replicas);
        send(cell.story(), point);

        var since = cell.awaitStrike(order, () -> sendOne(cell.story(), point));
        struck.awaitExit(Duration.ofSeconds(10));
        cell.add(Offsets.checkNotAhead(stage.flow(), cell.story().sent()));
        stage.start();

        settle(cell, point, since);
    }

    @ParameterizedTest
    @EnumSource(names = { "F1", "F5", "F9", "F12", "F13", "F16", "F23" })
    void a_polite_stop_loses_and_doubles_nothing(FaultPoint point, Stage stage) {
        stage.clear();
        var order = point.order(Blow.TERMINATE, 2, stage.freshMark());
        var struck = stage.startStruck(order);
        var cell = new Cell(stage, "F21 SIGTERM at " + point.label(), 1);
        send(cell.story(), point);

        var since = cell.awaitStrike(order);
        struck.awaitExit(Duration.ofSeconds(45));
        stage.start();

        settle(cell, point, since);
    }

    /** The pool throws the connection away; the transaction is there. C4 comes after the imports of all. */
    @ParameterizedTest
    @CsvSource({ "C1, intake.IntakeTransaction, 1", "C2, renewal.Claims, 2", "C3, renewal.RenewalStore, 3",
            "C4, renewal.RenewalStore, 15", "L2, renewal.Looks, 2" })
    void the_lost_answer_of_a_commit_is_no_rollback(String point, String within, int nth, Stage stage) {
        stage.clear();
        var order = FaultPoint.lostCommit(within, nth, stage.freshMark());
        stage.startStruck(order);
        var cell = new Cell(stage, "F14 COMMIT of " + point + " sent, its answer lost", 1);
        cell.story().sendFresh(RENEWALS);

        cell.settle(cell.awaitStrike(order));
    }

    @Test
    void kill_9_after_the_acknowledgement_and_before_the_offset_commit_reads_twice(Stage stage) {
        stage.clear();
        var struck = stage.start();
        var cell = new Cell(stage, "F4 after the acknowledgement, before the offset commit", 1);
        cell.story().sendFresh(RENEWALS);
        Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20))
                .until(() -> cell.story().stored() == RENEWALS);

        struck.kill();
        var since = Instant.now();
        stage.start();

        cell.settle(since);
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 2 })
    void kill_9_after_scm_has_committed_imports_nothing_twice(int replicas, Stage stage) {
        stage.clear();
        var struck = stage.start();
        stage.startUpTo(replicas);
        var cell = new Cell(stage, "F7 SCM has committed, the answer is on its way", replicas);
        stage.flow().scm().faults().add(Fault.of(FaultKind.LATENCY).on(Operation.IMPORT).with("millis", 1500));
        long before = stage.flow().ledger().count(Operation.IMPORT);
        cell.story().sendFresh(RENEWALS);
        Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20))
                .until(() -> stage.flow().ledger().count(Operation.IMPORT) >= before + 4);

        struck.kill();
        var since = Instant.now();
        stage.flow().scm().faults().clear();
        stage.start();

        cell.settle(since);
    }

    private static void settle(Cell cell, FaultPoint point, Instant since) {
        if (point == FaultPoint.F18) {
            cell.settle(since, "SUCCEEDED", "SUPERSEDED");
        } else {
            cell.settle(since);
        }
    }

    /** A burst; for a superseding C1 each name with three generations, the newer right behind the older. */
    private static void send(Story story, FaultPoint point) {
        int names = point == FaultPoint.F18 ? RENEWALS / 3 : RENEWALS;
        for (int i = 0; i < names; i++) {
            sendOne(story, point);
        }
    }

    private static void sendOne(Story story, FaultPoint point) {
        story.generations(point == FaultPoint.F18 ? 3 : 1).forEach(story::send);
    }
}
