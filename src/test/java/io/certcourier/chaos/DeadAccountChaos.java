package io.certcourier.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.certcourier.flow.Platform;
import io.certcourier.flow.TestEvent;

/**
 * Ten thousand renewals of an account that the cloud denies, and a thousand of one that works: how much do the latter notice?
 */
@ExtendWith(StageExtension.class)
class DeadAccountChaos {

    private static final int HEALTHY = Integer.getInteger("chaos.healthy", 1000);
    private static final int DEAD = Integer.getInteger("chaos.dead", 10_000);

    @Test
    void a_dead_account_costs_a_healthy_one_nothing(Stage stage) {
        stage.clear();
        stage.start();
        deliver(stage, 200); // warm
        double alone = deliver(stage, HEALTHY);
        killAccount(stage);

        double beside = deliver(stage, HEALTHY);

        System.out.printf("%d healthy renewals: %.1f/s alone, %.1f/s beside %d open ones of a dead account, ratio %.2f%n",
                HEALTHY, alone, beside, DEAD,
                beside / alone);
        assertThat(stage.flow().query("SELECT 1 FROM renewal WHERE account = ? AND ended_at IS NULL", Platform.FRAGILE))
                .hasSize(DEAD);
        revive(stage);
        assertThat(beside / alone).isGreaterThan(0.5);
    }

    /** Renewals per second, from the first event sent to the last one ended. */
    private static double deliver(Stage stage, int count) {
        List<TestEvent> events = IntStream.range(0, count).mapToObj(i -> TestEvent.fresh("healthy")).toList();
        long before = System.nanoTime();
        events.forEach(stage.flow()::sendSoon);
        Awaitility.await().atMost(Duration.ofMinutes(4)).pollInterval(Duration.ofMillis(100)).until(() -> stage.flow()
                .query("SELECT 1 FROM renewal WHERE account = 'default' AND ended_at IS NULL LIMIT 1").isEmpty()
                && stage.flow().state(events.get(count - 1).renewalId()) != null
                && stage.flow().query("SELECT count(*) AS n FROM renewal WHERE state = 'SUCCEEDED' AND id = ANY (?)",
                        (Object) events.stream().map(TestEvent::renewalId).toArray(java.util.UUID[]::new)).get(0).get("n")
                        .equals((long) count));
        return count / (Duration.ofNanos(System.nanoTime() - before).toMillis() / 1000.0);
    }

    /** As if the cloud had denied the account after so many events: all wait, one of them is held. */
    private static void killAccount(Stage stage) {
        stage.flow().update(
                "UPDATE account SET breaker = 'OPEN', breaker_reason = 'PROVIDER_AUTH', probe_at = 'infinity' WHERE account = ?",
                Platform.FRAGILE);
        stage.flow().update(
                """
                        INSERT INTO subject (subject_key, account, certificate_name)
                        SELECT a.name || '|dead-' || n, a.name, 'dead-' || n FROM (SELECT ?::text AS name) a, generate_series(1, ?) n""",
                Platform.FRAGILE, DEAD);
        stage.flow().update(
                """
                        INSERT INTO renewal (id, subject_key, generation, account, certificate_name, payload_hash, leaf_sha256, leaf_sha1, scm_name, not_before, not_after,
                                             event_time, state, next_at, deadline_at, source, event_id, due_push, due_batch)
                        SELECT md5('dead' || n)::uuid, a.name || '|dead-' || n, 1, a.name, 'dead-' || n, sha256('p'), sha256('l'), substr(sha256('l'), 1, 20), 'cr-dead', now(),
                               now() + interval '90 days', now(), 'READY', now(), now() + interval '7 days', 'urn:test:dead', 'dead-' || n, 1, 2
                          FROM (SELECT ?::text AS name) a, generate_series(1, ?) n""",
                Platform.FRAGILE, DEAD);
        stage.flow().update("ANALYZE renewal");
    }

    private static void revive(Stage stage) {
        stage.flow().update("DELETE FROM renewal WHERE source = 'urn:test:dead'");
        stage.flow().update("UPDATE account SET breaker = 'PROBING', probes = 0, probe_at = now() WHERE account = ?",
                Platform.FRAGILE);
    }
}
