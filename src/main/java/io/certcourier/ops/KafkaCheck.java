package io.certcourier.ops;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

import io.certcourier.intake.IntakeStatus;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;

/**
 * The consumer, asked in memory. Ready once it has joined its group: a rollout with a wrong broker stops there, while an outage
 * later on leaves the API ready. Alive until it no longer polls, which the connector never mends; a client without a broker
 * does poll.
 */
@ApplicationScoped
class KafkaCheck {

    private static final String CHANNEL = "cert-renewed";
    static final Duration DEAD_AFTER = Duration.ofMinutes(5);

    private final BooleanSupplier joined;
    private final Supplier<Optional<Instant>> lastPoll;
    private final InstantSource clock;
    private volatile boolean reached;
    private volatile boolean polled;

    @Inject
    KafkaCheck(IntakeStatus intake, KafkaClientService clients, InstantSource clock) {
        this(() -> hasJoined(clients), intake::lastPoll, clock);
    }

    KafkaCheck(BooleanSupplier joined, Supplier<Optional<Instant>> lastPoll, InstantSource clock) {
        this.joined = joined;
        this.lastPoll = lastPoll;
        this.clock = clock;
    }

    @Produces
    @ApplicationScoped
    @Readiness
    HealthCheck ready() {
        return () -> {
            reached = reached || joined.getAsBoolean();
            return HealthCheckResponse.named("kafka-reached").status(reached).build();
        };
    }

    @Produces
    @ApplicationScoped
    @Liveness
    HealthCheck live() {
        return () -> {
            var last = lastPoll.get();
            polled = polled || last.isPresent();
            // before the first poll the channel is only starting
            boolean alive = !polled || last.isPresent() && last.get().plus(DEAD_AFTER).isAfter(clock.instant());
            return HealthCheckResponse.named("consumer-alive").status(alive).build();
        };
    }

    /** The client's own count of joins; a consumer that got no partition has joined too. */
    private static boolean hasJoined(KafkaClientService clients) {
        var consumer = clients.getConsumer(CHANNEL);
        return consumer != null && consumer.unwrap().metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("join-total"))
                .anyMatch(metric -> metric.metricValue() instanceof Number joins && joins.doubleValue() > 0);
    }
}
