package io.certcourier.ops;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

import io.certcourier.renewal.WorkerStatus;

/**
 * The worker's loop, asked in memory: silent for a minute means not ready, for five minutes that only a restart helps. Neither
 * depends on database, Kafka or SCM, whose outage must not become a storm of restarts.
 */
@ApplicationScoped
class WorkerCheck {

    static final Duration NOT_READY_AFTER = Duration.ofSeconds(60);
    static final Duration DEAD_AFTER = Duration.ofMinutes(5);

    @Produces
    @ApplicationScoped
    @Liveness
    HealthCheck live(WorkerStatus worker) {
        return () -> answer("worker-alive", worker.silence(), false, DEAD_AFTER);
    }

    @Produces
    @ApplicationScoped
    @Readiness
    HealthCheck ready(WorkerStatus worker) {
        return () -> answer("worker-ready", worker.silence(), worker.draining(), NOT_READY_AFTER);
    }

    static HealthCheckResponse answer(String name, Duration silence, boolean draining, Duration limit) {
        return HealthCheckResponse.named(name).status(!draining && silence.compareTo(limit) < 0)
                .withData("silentSeconds", silence.toSeconds()).withData("draining", draining).build();
    }
}
