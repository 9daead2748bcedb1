package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class RequestRateTest {

    private Instant now = Instant.parse("2026-11-24T12:00:15.250Z");
    private final RequestRate rate = new RequestRate(new Limit(3), () -> now);

    private record Limit(int requestsPerMinute) implements OpsConfig {

        @Override
        public String revision() {
            return "unknown";
        }

        @Override
        public boolean allowAnonymous() {
            return false;
        }

        @Override
        public int certificatesShown() {
            return 0;
        }

        @Override
        public boolean nativeCrypto() {
            return false;
        }
    }

    private int[] waits(String caller, int requests) {
        return IntStream.range(0, requests).map(i -> rate.secondsToWait(caller)).toArray();
    }

    @Test
    void what_exceeds_the_minute_waits_for_the_next_one() {
        assertThat(waits("somebody", 5)).containsExactly(0, 0, 0, 45, 45);
    }

    @Test
    void one_caller_does_not_use_up_another_ones_minute() {
        waits("somebody", 5);

        assertThat(waits("another", 4)).containsExactly(0, 0, 0, 45);
    }

    @Test
    void a_wait_as_long_as_told_is_enough() {
        int wait = waits("somebody", 4)[3];

        now = now.plusSeconds(wait);

        assertThat(waits("somebody", 4)).startsWith(0, 0, 0).endsWith(60);
    }
}
