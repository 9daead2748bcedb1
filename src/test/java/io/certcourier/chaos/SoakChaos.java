package io.certcourier.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.certcourier.flow.Flow;
import io.certcourier.flow.ServiceProcess;
import io.certcourier.flow.TestEvent;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;
import io.certcourier.local.scm.Operation;

/** Everything at once, at random, for as long as {@code -Dsoak=} says, under a call budget that is felt. */
@ExtendWith(StageExtension.class)
class SoakChaos {

    private static final int BUDGET = 120;
    /** A token is taken by the claim, and the call may come a little later: the claims of one round. */
    private static final int IN_FLIGHT = 16;
    private static final Duration LONGEST_PAUSE = Stage.LEASE.multipliedBy(2);

    private final Random random = new Random(Seed.value());

    private static Duration length() {
        return Duration.parse("PT" + System.getProperty("chaos.soak", "3m"));
    }

    private static Map<String, String> budget() {
        var keys = new HashMap<String, String>();
        for (var operation : List.of("import", "list", "show", "push", "batch-push")) {
            keys.put("certcourier.scm.accounts.default.budget." + operation, Integer.toString(BUDGET));
        }
        return keys;
    }

    @Test
    void nothing_is_lost_doubled_or_wrong(Stage stage) {
        stage.clear();
        stage.start(budget());
        stage.start(budget());
        var cell = new Cell(stage, "soak of " + length().toSeconds() + " s, seed " + Seed.value(), 2).withPauses();
        var end = Instant.now().plus(length());
        int actions = 0;

        while (Instant.now().isBefore(end)) {
            sendSome(cell.story());
            Stage.during(Duration.ofMillis(1000 + random.nextInt(1500)), () -> true);
            if (++actions % 3 == 0) {
                strike(stage);
            }
        }
        heal(stage);
        var since = Instant.now();
        cell.story().awaitSettled();
        cell.add(Invariants.checkBudget(cell.story().evidence().calls(), budgets()));
        cell.add(Secrets.leaks(stage, cell.story().sent()));

        cell.settle(since, "SUCCEEDED", "SUPERSEDED", "UNCHANGED");
    }

    private static Map<Operation, Integer> budgets() {
        int most = BUDGET + IN_FLIGHT;
        return Map.of(Operation.IMPORT, most, Operation.LIST, most, Operation.PUSH, most, Operation.BATCH_PUSH, most);
    }

    private void sendSome(Story story) {
        switch (random.nextInt(4)) {
            case 0 -> {
                var events = story.generations(1 + random.nextInt(3));
                Collections.shuffle(events, random);
                events.forEach(story::send);
            }
            case 1 -> {
                var event = TestEvent.fresh(story.prefix());
                story.send(event);
                story.send(event);
            }
            case 2 -> {
                String name = Flow.freshName(story.prefix());
                var certificate = Flow.CA.issue(name);
                story.send(TestEvent.of(name, certificate));
                story.send(TestEvent.of(name, certificate));
            }
            default -> story.sendFresh(2);
        }
    }

    private void strike(Stage stage) {
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                one(stage).kill();
                stage.start(budget());
            }
            case 2 -> {
                var paused = one(stage);
                Stage.signal(paused, "STOP");
                Stage.during(Duration.ofMillis(random.nextInt((int) LONGEST_PAUSE.toMillis())), paused::isAlive);
                Stage.signal(paused, "CONT");
            }
            case 3 -> {
                stage.platform().postgres().kill();
                stage.platform().postgres().restart();
            }
            case 4 -> {
                stage.platform().kafka().kill();
                stage.platform().kafka().restart();
            }
            case 5 -> DatabaseChaos.terminateOne(stage);
            default -> cloud(stage);
        }
    }

    private ServiceProcess one(Stage stage) {
        var alive = stage.alive();
        return alive.get(random.nextInt(alive.size()));
    }

    private void cloud(Stage stage) {
        var kinds = List.of(FaultKind.LOST_RESET, FaultKind.LOST_HANG, FaultKind.STATUS, FaultKind.TRUNCATED_JSON,
                FaultKind.NEVER_ANSWER, FaultKind.HTML_200);
        stage.flow().scm().faults().clear();
        stage.flow().scm().faults().add(
                Fault.of(kinds.get(random.nextInt(kinds.size()))).share(0.05 + 0.1 * random.nextDouble(), random.nextLong()),
                Fault.of(FaultKind.LATENCY).with("millis", random.nextInt(600)).with("jitter", 400));
    }

    private static void heal(Stage stage) {
        stage.heal();
        while (stage.alive().size() < 2) {
            stage.start(budget());
        }
    }
}
