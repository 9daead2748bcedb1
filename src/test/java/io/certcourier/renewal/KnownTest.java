package io.certcourier.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.certcourier.outcome.ReasonCode;
import io.certcourier.renewal.RenewalRequest.EventOrigin;
import io.certcourier.renewal.RenewalRequest.Rejection;

/** When an identity that is known begins another round. */
class KnownTest {

    private static RenewalRequest request(String channel, ReasonCode rejected) {
        var origin = new EventOrigin(channel, "urn:test", "1", null, null, null, null, null, null, Instant.EPOCH);
        return new RenewalRequest(UUID.randomUUID(), new byte[32], "shop/www", "default", null, Set.of(), 1L, Instant.EPOCH,
                null, null, false, Map.of(), null, null, origin, rejected == null ? null : new Rejection(rejected, "No."));
    }

    private static Known known(State state, ReasonCode reason) {
        return new Known(new byte[32], state, reason == null ? null : reason.name(), 1, false, null, null, null, Instant.EPOCH);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void what_is_found_again_revives_nothing_but_a_rejection(State state) {
        assertThat(known(state, null).mayBeJudgedAfresh(request("kubernetes", null))).isEqualTo(state == State.REJECTED);
    }

    @Test
    void a_rejection_is_judged_afresh_once_its_reason_is_another() {
        var rejected = known(State.REJECTED, ReasonCode.NO_TARGET);

        assertThat(rejected.mayBeJudgedAfresh(request("kubernetes", ReasonCode.NO_TARGET))).isFalse();
        assertThat(rejected.mayBeJudgedAfresh(request("kubernetes", ReasonCode.TARGET_NOT_ALLOWED))).isTrue();
        assertThat(rejected.mayBeJudgedAfresh(request("kubernetes", null))).isTrue();
    }

    @Test
    void what_is_sent_again_by_a_request_is_judged_afresh_unless_it_had_an_effect() {
        assertThat(known(State.REJECTED, ReasonCode.NO_TARGET).mayBeJudgedAfresh(request("http", ReasonCode.NO_TARGET)))
                .isTrue();
        assertThat(known(State.CANCELLED, null).mayBeJudgedAfresh(request("http", null))).isTrue();
        assertThat(known(State.SUCCEEDED, null).mayBeJudgedAfresh(request("http", null))).isFalse();
    }
}
