package io.certcourier.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import io.certcourier.model.Explorer.Findings;
import io.certcourier.model.World.State;

/** Visits all interleavings of the renewal protocol, and shows of each of its rules what breaks without it. */
class ProtocolModelTest {

    private static Findings explore(Rules rules) {
        return new Explorer(new RenewalProtocol(rules)).explore();
    }

    @ParameterizedTest
    @EnumSource
    void no_interleaving_breaks_an_invariant(Scenario scenario) {
        var findings = explore(Rules.all(scenario));

        System.out.printf("model %s: %s%n", scenario, findings);
        assertThat(findings.broken()).as(findings.toString()).isEqualTo(Invariant.NONE);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = { "LOOK_FENCE", "OWNER_ON_SAVE" })
    void without_a_guard_its_invariant_breaks(Guard guard) {
        var findings = explore(Rules.without(guard));

        assertThat(findings.broken()).as(findings.toString()).isEqualTo(guard.broken()).isNotEqualTo(Invariant.NONE);
    }

    @ParameterizedTest
    @EnumSource(names = { "LOOK_FENCE", "OWNER_ON_SAVE" })
    void a_second_lock_alone_may_be_missing(Guard guard) {
        var findings = explore(Rules.without(guard));

        assertThat(findings.broken()).as(findings.toString()).isEqualTo(guard.broken());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ABSENT")
    void every_state_of_a_renewal_is_reached(State state) {
        var scenario = state == State.UNCHANGED ? Scenario.SAME_LEAF : Scenario.TWO_LEAVES;
        var search = new Search(new RenewalProtocol(Rules.all(scenario)), w -> w.state(0) == state || w.state(1) == state);

        var findings = new Explorer(search).explore();

        assertThat(findings.trace()).isNotEmpty();
    }

    @Test
    void a_pause_between_lease_check_and_socket_write_is_the_known_hole() {
        var rules = new Rules(Scenario.TWO_LEAVES, EnumSet.noneOf(Guard.class), Assumption.PROCESS_MAY_PAUSE_BEFORE_WRITE);

        var findings = explore(rules);

        assertThat(findings.broken()).as(findings.toString()).isEqualTo(Invariant.I7);
    }

    @ParameterizedTest
    @EnumSource(names = { "TWO_LEAVES", "KNOWN_LEAF" })
    void waiting_for_lost_calls_is_needed_only_because_scm_may_act_late(Scenario scenario) {
        var waits = EnumSet.of(Guard.SUCCESSOR_WAITS_FOR_LOST_OWNER, Guard.LOST_ANSWER_IS_WAITED_OUT,
                Guard.ENDING_WAITS_FOR_LOST_OWNER, Guard.PUSH_WAITS_FOR_LOST_OWNER, Guard.CONFIRMED_STILL_WAITS);

        var findings = explore(new Rules(scenario, waits, Assumption.SCM_STOPS_WITH_ITS_CLIENT));

        assertThat(findings.broken()).as(findings.toString()).isEqualTo(Invariant.NONE);
    }
}
