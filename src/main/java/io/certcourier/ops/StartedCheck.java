package io.certcourier.ops;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

import io.certcourier.renewal.WorkerStatus;

/**
 * The schema is as new as this code and the worker's loop has begun. Configuration, keyset and recipient keys need no check: a
 * boot that finds them unusable ends. Once true it stays true, and costs nothing.
 */
@Startup
@ApplicationScoped
class StartedCheck implements HealthCheck {

    private final Schema schema;
    private final WorkerStatus worker;

    StartedCheck(Schema schema, WorkerStatus worker) {
        this.schema = schema;
        this.worker = worker;
    }

    @Override
    public HealthCheckResponse call() {
        var lack = schema.lack();
        var answer = HealthCheckResponse.named("started").status(lack.isEmpty() && worker.begun())
                .withData("migrated", lack.isEmpty()).withData("workerBegun", worker.begun());
        lack.ifPresent(sentence -> answer.withData("schema", sentence));
        return answer.build();
    }
}
