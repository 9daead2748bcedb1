package io.certcourier.ops;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jdbi.v3.core.Jdbi;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

/** Whether the database answers within two seconds; a probe that waits longer would itself time out and tell nothing. */
@Readiness
@ApplicationScoped
class DatabaseCheck implements AsyncHealthCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Jdbi jdbi;

    DatabaseCheck(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom().item(this::answers).runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .ifNoItem().after(PATIENCE).recoverWithItem(false)
                .onFailure().recoverWithItem(false)
                .map(up -> HealthCheckResponse.named("database").status(up).build());
    }

    private boolean answers() {
        return jdbi.withHandle(h -> h.createQuery("SELECT 1").mapTo(Integer.class).one()) == 1;
    }
}
