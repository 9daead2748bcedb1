package io.certcourier.certmanager;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

class WatchedTest {

    private static final String WHAT = "watching Secrets in namespace shop";

    private final AtomicBoolean open = new AtomicBoolean();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // nanoTime may overflow
    private final Troubles troubles = new Troubles();
    private final Watched watched = new Watched(WHAT, open::get, troubles, Duration.ofSeconds(10), nanos::get);

    private void after(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void a_watch_that_is_opened_anew_is_not_lost_meanwhile() {
        open.set(true);
        watched.holds();
        open.set(false);
        after(Duration.ofMinutes(7));
        watched.holds();
        open.set(true);
        watched.holds();

        open.set(false);
        after(Duration.ofSeconds(1));

        assertThat(watched.holds()).isTrue();
    }

    @Test
    void what_is_away_for_longer_is_lost_and_told_with_its_remedy_until_it_is_back() {
        open.set(true);
        watched.holds();
        open.set(false);
        after(Duration.ofSeconds(9));
        assertThat(watched.holds()).isTrue();
        assertThat(troubles.told()).isEmpty();

        after(Duration.ofSeconds(1));

        assertThat(watched.holds()).isFalse();
        assertThat(troubles.told().get(WHAT)).startsWith(WHAT).contains("10 s", "can reach the API server",
                "deploy/kubernetes/components/cert-manager");
        open.set(true);
        assertThat(watched.holds()).isTrue();
        assertThat(troubles.told()).isEmpty();
    }

    @Test
    void nothing_is_watched_before_the_first_watch_is_open_and_silence_is_told() {
        assertThat(watched.holds()).isFalse();
        assertThat(troubles.told()).isEmpty();

        after(Duration.ofSeconds(10));

        assertThat(watched.holds()).isFalse();
        assertThat(troubles.told()).containsKey(WHAT);
    }

    @Test
    void an_answer_of_the_api_server_says_more_than_silence() {
        troubles.met(WHAT, "forbidden");
        after(Duration.ofSeconds(10));

        watched.holds();

        assertThat(troubles.told()).containsEntry(WHAT, "forbidden");
    }
}
