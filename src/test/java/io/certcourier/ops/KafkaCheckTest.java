package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class KafkaCheckTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:15:02Z");

    private boolean joined;
    private Instant lastPoll;
    private final KafkaCheck check = new KafkaCheck(() -> joined, () -> Optional.ofNullable(lastPoll),
            InstantSource.fixed(NOW));

    private Status ready() {
        return check.ready().call().getStatus();
    }

    private Status live() {
        return check.live().call().getStatus();
    }

    @Test
    void a_broker_that_was_never_reached_stops_the_rollout() {
        lastPoll = NOW;

        assertThat(ready()).isEqualTo(Status.DOWN);
        assertThat(live()).isEqualTo(Status.UP);
    }

    @Test
    void a_broker_that_goes_away_later_changes_nothing() {
        joined = true;
        ready();
        joined = false;

        assertThat(ready()).isEqualTo(Status.UP);
    }

    @Test
    void a_consumer_that_has_not_begun_is_not_dead() {
        assertThat(live()).isEqualTo(Status.UP);
    }

    @Test
    void a_consumer_that_was_closed_asks_for_a_restart() {
        lastPoll = NOW;
        live();
        lastPoll = null;

        assertThat(live()).isEqualTo(Status.DOWN);
    }

    @Test
    void a_consumer_that_stopped_polling_asks_for_a_restart() {
        lastPoll = NOW.minus(KafkaCheck.DEAD_AFTER).plusSeconds(1);
        assertThat(live()).isEqualTo(Status.UP);

        lastPoll = NOW.minus(KafkaCheck.DEAD_AFTER);
        assertThat(live()).isEqualTo(Status.DOWN);
    }
}
