package io.certcourier.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallResultTest {

    @Test
    void a_call_whose_lease_was_lost_decides_nothing() {
        assertThat(CallResult.unknown(1).asZombie().outcome()).isEqualTo(CallResult.Outcome.ZOMBIE);
    }

    /** A zombie counts as a call that may have reached a target. */
    @Test
    void a_call_that_was_not_made_reached_nothing_whoever_has_the_lease() {
        assertThat(CallResult.notSent(1).asZombie().outcome()).isEqualTo(CallResult.Outcome.NOT_SENT);
    }
}
