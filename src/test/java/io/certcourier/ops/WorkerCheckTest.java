package io.certcourier.ops;

import static io.certcourier.ops.WorkerCheck.DEAD_AFTER;
import static io.certcourier.ops.WorkerCheck.NOT_READY_AFTER;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class WorkerCheckTest {

    private static Status status(Duration silence, boolean draining, Duration limit) {
        return WorkerCheck.answer("worker", silence, draining, limit).getStatus();
    }

    @Test
    void a_loop_that_goes_round_is_up() {
        assertThat(status(Duration.ofSeconds(1), false, NOT_READY_AFTER)).isEqualTo(Status.UP);
    }

    @Test
    void a_minute_of_silence_is_not_ready_and_still_alive() {
        var silence = Duration.ofSeconds(60);

        assertThat(status(silence, false, NOT_READY_AFTER)).isEqualTo(Status.DOWN);
        assertThat(status(silence, false, DEAD_AFTER)).isEqualTo(Status.UP);
    }

    @Test
    void five_minutes_of_silence_ask_for_a_restart() {
        assertThat(status(Duration.ofMinutes(5), false, DEAD_AFTER)).isEqualTo(Status.DOWN);
    }

    @Test
    void a_process_that_drains_is_not_ready() {
        assertThat(status(Duration.ZERO, true, NOT_READY_AFTER)).isEqualTo(Status.DOWN);
    }
}
