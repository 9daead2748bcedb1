package io.certcourier.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkSignalTest {

    private static final Duration LONG = Duration.ofSeconds(15);

    private final WorkSignal signal = new WorkSignal();

    private Duration waited(Duration poll) throws InterruptedException {
        long before = System.nanoTime();
        signal.await(poll);
        return Duration.ofNanos(System.nanoTime() - before);
    }

    @Test
    void a_signal_before_the_wait_is_not_lost_and_counts_once() throws InterruptedException {
        signal.wake();

        assertThat(waited(LONG)).isLessThan(Duration.ofSeconds(5));
        assertThat(waited(Duration.ofMillis(200))).isGreaterThan(Duration.ofMillis(100));
    }

    @Test
    void an_announced_pause_ends_the_wait_early() throws InterruptedException {
        signal.wakeIn(Duration.ofMillis(100));

        assertThat(waited(LONG)).isBetween(Duration.ofMillis(50), Duration.ofSeconds(5));
    }

    @Test
    void the_earliest_of_several_pauses_counts() throws InterruptedException {
        signal.wakeIn(Duration.ofSeconds(14));
        signal.wakeIn(Duration.ofMillis(100));

        assertThat(waited(LONG)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void a_signal_from_another_thread_ends_the_wait() throws InterruptedException {
        var other = new Thread(signal::wake);
        other.start();

        assertThat(waited(LONG)).isLessThan(Duration.ofSeconds(5));
        other.join();
    }
}
