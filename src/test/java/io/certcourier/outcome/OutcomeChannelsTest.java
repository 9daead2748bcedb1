package io.certcourier.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;

class OutcomeChannelsTest {

    private static final OutcomeTopics TOPICS = new OutcomeTopics(new SmallRyeConfigBuilder().build());
    private static final Cause NO_CAUSE = new Cause(null, null, null);
    private static final OutboxEvent DELIVERED = OutboxEvent.of(SampleOutcomes.delivered(), NO_CAUSE, URI.create("urn:x"),
            TOPICS);
    private static final OutboxEvent FAILED = OutboxEvent.of(SampleOutcomes.partial(), NO_CAUSE, URI.create("urn:x"), TOPICS);
    private static final OutboxEvent DEAD_LETTER = OutboxEvent.of(SampleOutcomes.deadLetter(), TOPICS);

    private final Connector delivered = new Connector();
    private final Connector deliveryFailed = new Connector();
    private final Connector deadLetters = new Connector();
    private final OutcomeChannels channels = new OutcomeChannels(delivered, deliveryFailed, deadLetters);

    @Test
    void each_kind_of_event_has_its_channel() {
        channels.send(DELIVERED);
        channels.send(FAILED);
        channels.send(DEAD_LETTER);

        assertThat(delivered.messages).hasSize(1);
        assertThat(deliveryFailed.messages).hasSize(1);
        assertThat(deadLetters.messages).hasSize(1);
    }

    @Test
    void record_has_topic_key_headers_and_bytes_of_the_event() {
        channels.send(DELIVERED);

        var message = delivered.messages.get(0);
        var metadata = message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow();
        assertThat(metadata.getTopic()).isEqualTo("cert-delivered");
        assertThat(message.getPayload().key()).isEqualTo(SampleOutcomes.NAME);
        assertThat(message.getPayload().value()).isEqualTo(DELIVERED.body().getBytes(StandardCharsets.UTF_8));
        assertThat(metadata.getHeaders()).hasSize(DELIVERED.headers().size())
                .allSatisfy(header -> assertThat(DELIVERED.headers()).containsEntry(header.key(),
                        new String(header.value(), StandardCharsets.UTF_8)));
    }

    @Test
    void dead_letter_has_no_value() {
        channels.send(DEAD_LETTER);

        assertThat(deadLetters.messages.get(0).getPayload().value()).isNull();
    }

    @Test
    void answer_comes_with_the_brokers_acknowledgement_and_not_before() {
        var answer = channels.send(DELIVERED);

        assertThat(answer).isNotDone();
        delivered.messages.get(0).ack();
        assertThat(answer).isCompleted();
    }

    @Test
    void channel_survives_a_failure_and_the_answer_is_kafkas_own_word() {
        var kafkas = new TimeoutException("Expiring 1 record(s)");
        var answer = channels.send(DELIVERED);

        var channel = delivered.messages.get(0).nack(new IllegalStateException("Retries exhausted", kafkas));

        assertThat(channel).isCompleted();
        assertThat(answer).failsWithin(Duration.ZERO).withThrowableThat().withCause(kafkas);
    }

    @Test
    void full_channel_is_a_failure_like_any_other() {
        delivered.full = true;

        var answer = channels.send(DELIVERED);

        assertThat(answer).isCompletedExceptionally();
    }

    @Test
    void only_what_lies_in_the_event_itself_is_final() {
        assertThat(OutcomeChannels.isFinal(new RecordTooLargeException("2 MB"))).isTrue();
        assertThat(OutcomeChannels.isFinal(new InvalidTopicException("a b"))).isTrue();
        assertThat(OutcomeChannels.isFinal(new TimeoutException("broker away"))).isFalse();
        assertThat(OutcomeChannels.isFinal(new TopicAuthorizationException("cert-delivered"))).isFalse();
        assertThat(OutcomeChannels.isFinal(new IllegalStateException("buffer full"))).isFalse();
    }

    /** What the connector shows of itself to a sender. */
    private static final class Connector implements Emitter<Record<String, byte[]>> {

        private final List<Message<Record<String, byte[]>>> messages = new ArrayList<>();
        private boolean full;

        @Override
        @SuppressWarnings("unchecked")
        public <M extends Message<? extends Record<String, byte[]>>> void send(M message) {
            if (full) {
                throw new IllegalStateException("SRMSG00034: Insufficient downstream requests to emit item");
            }
            messages.add((Message<Record<String, byte[]>>) message);
        }

        @Override
        public CompletionStage<Void> send(Record<String, byte[]> payload) {
            throw new UnsupportedOperationException("the relay sends messages");
        }

        @Override
        public void complete() {
            throw new UnsupportedOperationException("the relay never ends a channel");
        }

        @Override
        public void error(Exception e) {
            throw new UnsupportedOperationException("the relay never ends a channel");
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean hasRequests() {
            return !full;
        }
    }
}
