package io.certcourier.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.certcourier.chaos.agent.StrikeOrder.Blow;
import io.certcourier.flow.Flow;
import io.certcourier.flow.TestEvent;

/** Events come several times, in the wrong order, or contradict each other. */
@ExtendWith(StageExtension.class)
class InputChaos {

    @Test
    void copies_of_an_event_are_one_renewal(Stage stage) {
        stage.startUpTo(2);
        var cell = new Cell(stage, "copies of each event x 1..5", 2);
        var random = new Random(Seed.value());
        var events = new ArrayList<TestEvent>();
        for (int i = 0; i < 10; i++) {
            events.addAll(Collections.nCopies(1 + random.nextInt(5), TestEvent.fresh(cell.story().prefix())));
        }
        Collections.shuffle(events, random);
        var since = Instant.now();

        events.forEach(cell.story()::send);

        cell.settle(since);
    }

    @Test
    void the_newest_of_reordered_generations_wins(Stage stage) {
        stage.startUpTo(2);
        var cell = new Cell(stage, "generations in any order", 2);
        var random = new Random(Seed.value());
        var events = new ArrayList<TestEvent>();
        for (int i = 0; i < 5; i++) {
            events.addAll(cell.story().generations(4));
        }
        Collections.shuffle(events, random);
        var since = Instant.now();

        events.forEach(cell.story()::send);

        cell.settle(since, "SUCCEEDED", "SUPERSEDED");
    }

    @Test
    void generations_survive_the_death_of_a_replica(Stage stage) {
        stage.clear();
        var order = FaultPoint.F8.order(Blow.HALT, 3, stage.freshMark());
        stage.startStruck(order);
        stage.start();
        var cell = new Cell(stage, "generations in any order, and F8", 2);
        var events = new ArrayList<TestEvent>();
        for (int i = 0; i < 5; i++) {
            events.addAll(cell.story().generations(4));
        }
        Collections.shuffle(events, new Random(Seed.value()));
        events.forEach(cell.story()::send);

        cell.settle(cell.awaitStrike(order), "SUCCEEDED", "SUPERSEDED");
    }

    @Test
    void the_same_certificate_again_is_imported_once(Stage stage) {
        stage.startUpTo(2);
        var cell = new Cell(stage, "the same certificate in several events", 2);
        var since = Instant.now();

        for (int i = 0; i < 5; i++) {
            String name = Flow.freshName(cell.story().prefix());
            var certificate = Flow.CA.issue(name);
            for (int copy = 0; copy < 3; copy++) {
                cell.story().send(TestEvent.of(name, certificate));
            }
        }

        // one that waits behind its like gives its place to the next
        cell.settle(since, "SUCCEEDED", "UNCHANGED", "SUPERSEDED");
    }

    @Test
    void another_content_under_a_known_identity_is_refused_and_changes_nothing(Stage stage) {
        stage.startUpTo(2);
        var cell = new Cell(stage, "another content under a known identity", 2);
        var since = Instant.now();
        var conflicts = new ArrayList<TestEvent>();
        for (int i = 0; i < 8; i++) {
            var event = TestEvent.fresh(cell.story().prefix());
            var other = Flow.CA.issue(event.certificateName());
            var conflict = event.with("certificatePem", other.leafPem()).with("privateKeyPem", other.keyPem());
            cell.story().send(event);
            conflicts.add(conflict);
        }
        conflicts.forEach(cell.story()::send);

        Awaitility.await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(refused(stage, conflicts)).hasSize(8));

        cell.settle(since);
    }

    /** A reset to the earliest offset, as after a mistake with the group or a restored broker. */
    @Test
    void all_records_read_again_change_nothing(Stage stage) throws ExecutionException, InterruptedException {
        stage.startUpTo(1);
        var cell = new Cell(stage, "all records read again from offset 0", 1);
        cell.story().sendFresh(10).awaitSettled();
        long before = stage.flow().ledger().entries().size();
        long stored = allRenewals(stage);
        stage.clear();
        Offsets.forget(stage.flow());
        var since = Instant.now();

        stage.start();
        cell.story().sendFresh(2).awaitSettled();

        assertThat(allRenewals(stage)).isEqualTo(stored + 2);
        assertThat(stage.flow().ledger().entries().size() - before).as("calls for the two new ones").isLessThanOrEqualTo(2 * 5);
        cell.settle(since);
    }

    private static long allRenewals(Stage stage) {
        return (Long) stage.flow().query("SELECT count(*) AS n FROM renewal").get(0).get("n");
    }

    private static List<TestEvent> refused(Stage stage, List<TestEvent> conflicts) {
        return conflicts.stream().filter(event -> !stage.flow()
                .query("SELECT 1 FROM refusal WHERE event_id = ? AND reason_code = 'IDEMPOTENCY_CONFLICT'", event.id())
                .isEmpty())
                .toList();
    }
}
