package io.certcourier.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import io.certcourier.outcome.Outbox.Pending;

class RelayPaceTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // nanoTime may overflow while we wait
    private final RelayPace pace = new RelayPace(now::get);

    private final Pending first = pending(1, "delivered", "a");
    private final Pending second = pending(2, "delivered", "b");
    private final Pending failure = pending(3, "failed", "c");

    @Test
    void topic_that_never_answered_gets_one_event() {
        var chosen = pace.choose(List.of(first, second, failure));

        assertThat(chosen).containsExactly(first, failure);
    }

    @Test
    void topic_that_answered_gets_all_events() {
        pace.taken(first);

        var chosen = pace.choose(List.of(first, second, failure));

        assertThat(chosen).containsExactly(first, second, failure);
    }

    @Test
    void key_has_one_event_at_a_time_whatever_its_topic() {
        pace.taken(first);

        var chosen = pace.choose(List.of(first, pending(5, "delivered", "a"), pending(6, "failed", "a"), second));

        assertThat(chosen).containsExactly(first, second);
    }

    @Test
    void dead_letter_does_not_hold_up_the_outcomes_of_its_key() {
        var deadLetter = new Pending(1, new OutboxEvent("dlq-1", "dlq", "a", Map.of(), null));
        pace.failed(deadLetter);

        var chosen = pace.choose(List.of(deadLetter, first));

        assertThat(chosen).containsExactly(deadLetter, first);
        assertThat(pace.restingLanes(List.of())).doesNotContain("a");
    }

    @Test
    void event_in_flight_keeps_its_key_busy_and_its_untried_topic_too() {
        assertThat(pace.restingLanes(List.of(first))).containsExactly("a");
        assertThat(pace.restingTopics(List.of(first))).containsExactly("delivered");
    }

    @Test
    void topic_that_works_takes_more_while_others_are_in_flight() {
        pace.taken(first);

        assertThat(pace.restingTopics(List.of(second))).isEmpty();
    }

    @Test
    void topic_that_is_slow_gets_nothing_until_it_answers() {
        pace.taken(first);

        pace.slow(second);

        assertThat(pace.restingTopics(List.of(second))).containsExactly("delivered");
    }

    @Test
    void failure_makes_topic_and_key_rest() {
        pace.failed(first);

        assertThat(pace.restingTopics(List.of())).containsExactly("delivered");
        assertThat(pace.restingLanes(List.of())).containsExactly("a");
    }

    @Test
    void failed_key_rests_longer_than_its_topic_so_that_another_key_is_probed() {
        pace.failed(first);

        later(Duration.ofSeconds(2).minusNanos(1));

        assertThat(pace.restingTopics(List.of())).isEmpty();
        assertThat(pace.restingLanes(List.of())).containsExactly("a");
    }

    @Test
    void failed_key_is_tried_again() {
        pace.failed(first);

        later(Duration.ofSeconds(2));

        assertThat(pace.restingLanes(List.of())).isEmpty();
    }

    @Test
    void topic_that_failed_is_probed_with_one_event() {
        pace.taken(first);
        pace.failed(first);
        later(Duration.ofSeconds(2));

        var chosen = pace.choose(List.of(first, second));

        assertThat(chosen).containsExactly(first);
    }

    @Test
    void success_of_another_key_opens_the_topic_while_the_failed_key_rests_on() {
        pace.failed(first);

        pace.taken(second);

        assertThat(pace.restingTopics(List.of())).isEmpty();
        assertThat(pace.restingLanes(List.of())).containsExactly("a");
    }

    @Test
    void rests_grow_to_thirty_seconds() {
        assertThat(List.of(1, 2, 3, 4, 5, 6, 100)).extracting(RelayPace::ceiling).extracting(Duration::toSeconds)
                .containsExactly(2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void trouble_is_told_when_it_begins_and_when_it_is_over() {
        assertThat(pace.failed(first)).isTrue();
        assertThat(pace.failed(failure)).isFalse();
        assertThat(pace.taken(first)).isFalse();
        assertThat(pace.taken(failure)).isTrue();
        assertThat(pace.taken(failure)).isFalse();
    }

    @Test
    void parked_event_holds_up_its_key_no_longer() {
        pace.failed(first);

        pace.parked(first);

        assertThat(pace.restingLanes(List.of())).isEmpty();
    }

    @Test
    void replica_that_comes_on_duty_starts_anew() {
        pace.taken(second);
        pace.failed(first);

        pace.forget();

        assertThat(pace.restingLanes(List.of())).isEmpty();
        assertThat(pace.choose(List.of(first, second))).containsExactly(first);
    }

    private void later(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static Pending pending(long seq, String topic, String key) {
        return new Pending(seq, new OutboxEvent("event-" + seq, topic, key, Map.of(), "{}"));
    }
}
