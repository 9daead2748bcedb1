package io.certcourier.ops;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;
import org.flywaydb.core.Flyway;

import io.certcourier.renewal.WorkerStatus;

/**
 * The schema is as new as this code and the worker's loop has begun. Configuration, keyset and recipient keys need no check: a
 * boot that finds them unusable ends. Once true it stays true, and costs nothing.
 */
@Startup
@ApplicationScoped
class StartedCheck implements HealthCheck {

    private final Flyway flyway;
    private final WorkerStatus worker;
    private volatile boolean migrated;

    StartedCheck(Flyway flyway, WorkerStatus worker) {
        this.flyway = flyway;
        this.worker = worker;
    }

    @Override
    public HealthCheckResponse call() {
        migrated = migrated || flyway.info().pending().length == 0;
        return HealthCheckResponse.named("started").status(migrated && worker.begun()).withData("migrated", migrated)
                .withData("workerBegun", worker.begun()).build();
    }
}
