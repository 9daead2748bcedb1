package io.certcourier.chaos;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.certcourier.chaos.agent.StrikeOrder.Blow;

/** A replica stands still for twice its lease and then goes on as if nothing had happened. */
@ExtendWith(StageExtension.class)
class PauseChaos {

    private static final int RENEWALS = 12;

    static Stream<Arguments> points() {
        var points = List.of(FaultPoint.F5, FaultPoint.F5B, FaultPoint.F8, FaultPoint.F12, FaultPoint.F15, FaultPoint.F22,
                FaultPoint.F23);
        return points.stream().flatMap(point -> Stream.of(1, 2).map(replicas -> Arguments.of(point, replicas)));
    }

    @ParameterizedTest
    @MethodSource("points")
    void a_pause_beyond_the_lease_decides_nothing(FaultPoint point, int replicas, Stage stage) {
        stage.clear();
        var order = point.order(Blow.STOP, 2, stage.freshMark());
        var struck = stage.startStruck(order);
        stage.startUpTo(replicas);
        var cell = new Cell(stage, "SIGSTOP at " + point.label(), replicas).withPauses();
        cell.story().sendFresh(RENEWALS);

        cell.awaitStrike(order);
        Stage.during(Stage.LEASE.multipliedBy(2), struck::isAlive);
        Stage.signal(struck, "CONT");

        cell.settle(Instant.now());
    }
}
