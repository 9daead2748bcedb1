package io.certcourier.outcome;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.eclipse.microprofile.reactive.messaging.OnOverflow.Strategy;

import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;

/** Hands events to Kafka. Knows no outbox: whoever sends must keep the event until the answer has come. */
@ApplicationScoped
class OutcomeChannels {

    // only for a channel that has died: the connector gives up by itself, but while no broker is there it blocks for
    // max.block.ms on each event in turn, and an event given up too early would be sent twice
    private static final long ANSWER_MINUTES = 10;

    private static final String CONNECTOR = "io.smallrye.reactive.messaging.kafka";

    // its two ERROR lines for every attempt of every event: the relay says once that Kafka is away and once that it is back
    private static final List<String> REPEATED_BY_THE_CONNECTOR = List.of("SRMSG18206", "SRMSG18212");

    private static final Set<Class<? extends Throwable>> FINAL = Set.of(RecordTooLargeException.class,
            RecordBatchTooLargeException.class, InvalidTopicException.class, InvalidRecordException.class,
            SerializationException.class);

    private final Emitter<Record<String, byte[]>> delivered;
    private final Emitter<Record<String, byte[]>> deliveryFailed;
    private final Emitter<Record<String, byte[]>> deadLetters;

    OutcomeChannels(
            @Channel(OutcomeTopics.DELIVERED_CHANNEL) @OnOverflow(value = Strategy.BUFFER, bufferSize = 256) Emitter<Record<String, byte[]>> delivered,
            @Channel(OutcomeTopics.DELIVERY_FAILED_CHANNEL) @OnOverflow(value = Strategy.BUFFER, bufferSize = 256) Emitter<Record<String, byte[]>> deliveryFailed,
            @Channel(OutcomeTopics.DEAD_LETTER_CHANNEL) @OnOverflow(value = Strategy.BUFFER, bufferSize = 256) Emitter<Record<String, byte[]>> deadLetters) {
        this.delivered = delivered;
        this.deliveryFailed = deliveryFailed;
        this.deadLetters = deadLetters;
        Logger.getLogger(CONNECTOR)
                .setFilter(line -> REPEATED_BY_THE_CONNECTOR.stream().noneMatch(String.valueOf(line.getMessage())::startsWith));
    }

    /** Completes when all in-sync replicas have the event, or exceptionally with the reason why not. */
    CompletableFuture<Void> send(OutboxEvent event) {
        var answer = new CompletableFuture<Void>();
        var message = Message.of(Record.of(event.key(), bytes(event.body())), Metadata.of(metadata(event)),
                () -> {
                    answer.complete(null);
                    return CompletableFuture.completedFuture(null);
                },
                failure -> {
                    answer.completeExceptionally(kafkas(failure));
                    // the channel must not see the failure: it would end for good
                    return CompletableFuture.completedFuture(null);
                });
        try {
            channel(event).send(message);
        } catch (IllegalStateException e) { // the channel's buffer is full, or the channel is closed
            answer.completeExceptionally(e);
        }
        return answer.orTimeout(ANSWER_MINUTES, TimeUnit.MINUTES);
    }

    /** True: no later try can succeed, because of what the event itself is. */
    static boolean isFinal(Throwable failure) {
        return FINAL.stream().anyMatch(type -> type.isInstance(failure));
    }

    private Emitter<Record<String, byte[]>> channel(OutboxEvent event) {
        if (event.body() == null) {
            return deadLetters;
        }
        return OutboxEvent.DELIVERED_TYPE.equals(event.headers().get("ce_type")) ? delivered : deliveryFailed;
    }

    private static OutgoingKafkaRecordMetadata<String> metadata(OutboxEvent event) {
        var headers = new RecordHeaders();
        event.headers().forEach((name, value) -> headers.add(name, bytes(value)));
        return OutgoingKafkaRecordMetadata.<String> builder().withTopic(event.topic()).withHeaders(headers).build();
    }

    /** Kafka's own word: the connector wraps it when its repetitions run out. */
    private static Throwable kafkas(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof KafkaException) {
                return cause;
            }
        }
        return failure;
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
