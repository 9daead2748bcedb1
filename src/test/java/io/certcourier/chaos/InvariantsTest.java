package io.certcourier.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import io.certcourier.chaos.Evidence.Row;
import io.certcourier.chaos.Evidence.Told;
import io.certcourier.chaos.Story.Sent;
import io.certcourier.flow.TestEvent;
import io.certcourier.local.scm.Effect;
import io.certcourier.local.scm.LedgerEntry;
import io.certcourier.local.scm.Operation;

/** Each checker finds the fault that it is there for, and nothing in a clean story. */
class InvariantsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> TARGETS = List.of("CDN", "ELB@cn-north-4", "WAF@cn-north-4");

    private final TestEvent event = TestEvent.fresh("judged");
    private final List<LedgerEntry> calls = new ArrayList<>();
    private final List<Told> told = new ArrayList<>(List.of(outcome("SUCCEEDED", "body")));
    private Row row = row("SUCCEEDED", START.plusSeconds(60), "cr-leaf", 1);
    private Map<String, Long> attempts = Map.of("cr-leaf import", 9L, "cr-leaf batch-push", 9L);
    private long strayKeys;

    InvariantsTest() {
        call(Operation.IMPORT, "cr-leaf", 0, 1, new Effect(Effect.Kind.CREATED, "", "scs1"));
        call(Operation.LIST, "", 2, 3);
        for (String target : TARGETS) {
            push("cr-leaf", "scs1", target, 4 + TARGETS.indexOf(target));
        }
    }

    private void push(String leaf, String id, String target, int second) {
        call(Operation.BATCH_PUSH, leaf, second, second + 1, new Effect(Effect.Kind.PUSHED, target, "copy"));
    }

    private void call(Operation operation, String leaf, int from, int to, Effect... effects) {
        String id = leaf.equals("cr-leaf") ? "scs1" : leaf.isEmpty() ? "" : "scs2";
        calls.add(new LedgerEntry(calls.size() + 1L, START.plusSeconds(from), START.plusSeconds(to), from * 1_000_000_000L,
                to * 1_000_000_000L, "default", "", operation, leaf, id, effects.length == 0 ? "" : effects[0].target(),
                List.of(), "200", "", List.of(effects), "", ""));
    }

    private Told outcome(String outcome, String body) {
        return new Told(event.renewalId(), 1, outcome, event.renewalId() + ".1", body, "cr-leaf", "scs1", START);
    }

    private Row row(String state, Instant endedAt, String leaf, long sequence) {
        return new Row(leaf.equals("cr-leaf") ? event.renewalId() : UUID.randomUUID(), "default|name", sequence, sequence,
                state,
                null, leaf, "scs1", START, endedAt);
    }

    private List<String> violations(Row... others) {
        var rows = new ArrayList<Row>();
        if (row != null) {
            rows.add(row);
        }
        rows.addAll(List.of(others));
        Map<UUID, List<Told>> byRenewal = told.isEmpty() ? Map.of() : Map.of(event.renewalId(), told);
        return Invariants.check(new Evidence(List.of(new Sent(event, 0, 0)), calls, byRenewal, rows, attempts, strayKeys))
                .stream()
                .map(Violation::invariant).toList();
    }

    @Test
    void a_clean_story_has_no_violation() {
        assertThat(violations()).isEmpty();
    }

    @Test
    void a_renewal_that_is_not_stored_is_lost() {
        row = null;

        assertThat(violations()).containsExactly("I1");
    }

    @Test
    void a_renewal_that_has_not_ended_is_lost() {
        row = row("RESOLVING", null, "cr-leaf", 1);

        assertThat(violations()).containsExactly("I1");
    }

    @Test
    void a_renewal_without_an_outcome_is_lost() {
        told.clear();

        assertThat(violations()).containsExactly("I1");
    }

    @Test
    void a_second_copy_of_an_outcome_is_allowed() {
        told.add(told.get(0));

        assertThat(violations()).isEmpty();
    }

    @Test
    void two_outcomes_of_one_round_are_found() {
        told.add(outcome("SUCCEEDED", "another body"));

        assertThat(violations()).containsExactly("I2");
    }

    @Test
    void a_second_certificate_of_a_leaf_is_found() {
        call(Operation.IMPORT, "cr-leaf", 8, 9, new Effect(Effect.Kind.CREATED, "", "scs9"));

        assertThat(violations()).containsExactly("I3");
    }

    @Test
    void a_success_without_a_push_to_each_target_is_found() {
        calls.remove(calls.size() - 1);

        assertThat(violations()).containsExactly("I4");
    }

    @Test
    void a_push_without_a_look_before_is_found() {
        calls.removeIf(call -> call.operation() == Operation.LIST);

        assertThat(violations()).containsExactly("I4");
    }

    @Test
    void an_older_certificate_that_follows_a_newer_one_is_found() {
        attempts = Map.of("cr-leaf import", 9L, "cr-leaf batch-push", 9L, "cr-older batch-push", 9L);
        push("cr-older", "scs2", "CDN", 20);

        assertThat(violations(row("SUPERSEDED", START.plusSeconds(60), "cr-older", 0))).containsExactly("I5");
    }

    @Test
    void two_calls_at_once_for_one_subject_are_found() {
        calls.removeIf(call -> call.operation() == Operation.LIST);
        call(Operation.LIST, "", 3, 3);
        call(Operation.IMPORT, "cr-leaf", 0, 1);

        assertThat(violations()).containsExactly("I6");
    }

    @Test
    void a_call_after_the_end_is_found() {
        row = row("SUCCEEDED", START.plusSeconds(5), "cr-leaf", 1);

        assertThat(violations()).containsOnly("I7");
    }

    @Test
    void a_key_that_is_left_is_found() {
        strayKeys = 1;

        assertThat(violations()).containsExactly("I9");
    }

    @Test
    void more_calls_than_the_budget_are_found() {
        assertThat(Invariants.checkBudget(calls, Map.of(Operation.BATCH_PUSH, 2))).hasSize(1);
        assertThat(Invariants.checkBudget(calls, Map.of(Operation.BATCH_PUSH, 3))).isEmpty();
    }

    @Test
    void a_call_without_a_stored_intent_is_found() {
        attempts = Map.of("cr-leaf batch-push", 9L);

        assertThat(violations()).containsExactly("I12");
    }
}
