package io.certcourier.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * What the relay does with answers. That the statements and the broker do their part is for the flow tests, on real servers.
 */
class OutboxRelayTest {

    private static final Duration NO_WAIT = Duration.ZERO;

    private final Table table = new Table();
    private final Broker broker = new Broker();
    private final OutboxRelay relay = new OutboxRelay(table, broker);

    @Test
    void event_is_deleted_when_the_broker_has_confirmed_it() throws InterruptedException {
        table.holds(1, "a");
        relay.round(NO_WAIT);
        broker.confirms(1);

        relay.round(NO_WAIT);

        assertThat(table.rows).isEmpty();
        assertThat(broker.sent).containsExactly(1L);
    }

    @Test
    void event_is_kept_while_the_broker_has_not_confirmed_it() throws InterruptedException {
        table.holds(1, "a");

        relay.round(NO_WAIT);
        relay.round(NO_WAIT);

        assertThat(table.rows).containsKey(1L);
        assertThat(broker.sent).containsExactly(1L);
    }

    @Test
    void event_that_failed_stays_and_is_not_tried_again_at_once() throws InterruptedException {
        table.holds(1, "a");
        relay.round(NO_WAIT);
        broker.fails(1, new TimeoutException("broker away"));

        relay.round(NO_WAIT);
        relay.round(NO_WAIT);

        assertThat(table.rows).containsKey(1L);
        assertThat(broker.sent).containsExactly(1L);
    }

    @Test
    void next_event_of_a_key_waits_for_the_one_before() throws InterruptedException {
        table.holds(1, "a");
        table.holds(2, "a");

        relay.round(NO_WAIT);
        assertThat(broker.sent).containsExactly(1L);
        broker.confirms(1);
        relay.round(NO_WAIT);
        relay.round(NO_WAIT);

        assertThat(broker.sent).containsExactly(1L, 2L);
    }

    @Test
    void event_without_an_answer_does_not_hold_up_another_topic() throws InterruptedException {
        table.holds(1, "a");
        relay.round(NO_WAIT);
        table.rows.put(2L, event(2, "another topic", "b"));

        relay.round(NO_WAIT);

        assertThat(broker.sent).containsExactly(1L, 2L);
    }

    @Test
    void event_that_kafka_will_never_take_is_parked_and_the_next_of_its_key_goes_on() throws InterruptedException {
        table.holds(1, "a");
        table.holds(2, "a");
        relay.round(NO_WAIT);
        broker.fails(1, new RecordTooLargeException("2 MB"));

        relay.round(NO_WAIT);
        relay.round(NO_WAIT);

        assertThat(table.parked).containsExactly(1L);
        assertThat(broker.sent).containsExactly(1L, 2L);
    }

    @Test
    void deletion_is_repeated_and_not_the_send_when_the_database_is_lost_in_between() throws InterruptedException {
        table.holds(1, "a");
        relay.round(NO_WAIT);
        broker.confirms(1);
        table.lost = true;

        assertThatIllegalStateException().isThrownBy(() -> relay.round(NO_WAIT));
        table.lost = false;
        relay.round(NO_WAIT);

        assertThat(table.rows).isEmpty();
        assertThat(broker.sent).containsExactly(1L);
    }

    @Test
    void replica_that_is_not_on_duty_sends_nothing() throws InterruptedException {
        table.dutyIsTaken = true;
        table.holds(1, "a");

        relay.round(NO_WAIT);

        assertThat(broker.sent).isEmpty();
    }

    @Test
    void replica_that_lost_the_duty_still_deletes_what_it_has_sent() throws InterruptedException {
        table.holds(1, "a");
        relay.round(NO_WAIT);
        broker.confirms(1);
        table.dutyIsTaken = true;

        relay.round(NO_WAIT);

        assertThat(table.rows).isEmpty();
    }

    @Test
    void duty_is_renewed_only_now_and_then() throws InterruptedException {
        for (int round = 0; round < 100; round++) {
            relay.round(NO_WAIT);
        }

        assertThat(table.dutyAsked).hasValueLessThan(50);
    }

    @Test
    void last_round_sends_what_the_shutdown_has_ended_and_gives_the_duty_back() throws InterruptedException {
        broker.confirmsAtOnce = true;
        relay.start(null);
        await().until(() -> table.dutyAsked.get() > 0);

        table.holds(1, "a");
        relay.stop(null);

        assertThat(table.rows).isEmpty();
        assertThat(table.dutyGivenBack).isTrue();
    }

    private static OutboxEvent event(long seq, String topic, String key) {
        return new OutboxEvent(Long.toString(seq), topic, key, Map.of(), "{}");
    }

    /** The rows as the statements of {@link Outbox} show them. */
    private static final class Table extends Outbox {

        private final Map<Long, OutboxEvent> rows = new ConcurrentSkipListMap<>();
        private final List<Long> parked = new CopyOnWriteArrayList<>();
        private volatile boolean lost;
        private volatile boolean dutyIsTaken;
        private final AtomicInteger dutyAsked = new AtomicInteger();
        private volatile boolean dutyGivenBack;

        Table() {
            super(null);
        }

        void holds(long seq, String key) {
            rows.put(seq, event(seq, "topic", key));
        }

        @Override
        boolean takeDuty(String owner, Duration lease) {
            dutyAsked.incrementAndGet();
            return !dutyIsTaken;
        }

        @Override
        void giveDutyBack(String owner) {
            dutyGivenBack = true;
        }

        @Override
        List<Pending> read(int limit, Set<String> restingTopics, Set<String> restingLanes) {
            return rows.entrySet().stream().map(row -> new Pending(row.getKey(), row.getValue()))
                    .filter(row -> !restingTopics.contains(row.event().topic()) && !restingLanes.contains(row.lane()))
                    .limit(limit).toList();
        }

        @Override
        void sent(Collection<Long> seqs) {
            if (lost) {
                throw new IllegalStateException("the database is away");
            }
            rows.keySet().removeAll(seqs);
        }

        @Override
        void park(long seq, String error) {
            parked.add(seq);
            rows.remove(seq);
        }
    }

    /** Answers when the test says so. */
    private static final class Broker extends OutcomeChannels {

        private final List<Long> sent = new CopyOnWriteArrayList<>();
        private final Map<Long, CompletableFuture<Void>> answers = new ConcurrentHashMap<>();
        private volatile boolean confirmsAtOnce;

        Broker() {
            super(null, null, null);
        }

        @Override
        CompletableFuture<Void> send(OutboxEvent event) {
            var answer = new CompletableFuture<Void>();
            answers.put(Long.valueOf(event.id()), answer);
            sent.add(Long.valueOf(event.id()));
            if (confirmsAtOnce) {
                answer.complete(null);
            }
            return answer;
        }

        void confirms(long seq) {
            answers.get(seq).complete(null);
        }

        void fails(long seq, Exception reason) {
            answers.get(seq).completeExceptionally(reason);
        }
    }
}
