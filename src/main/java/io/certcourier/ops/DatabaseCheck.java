package io.certcourier.ops;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

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
                .map(up -> HealthCheckResponse.named("database").status(up).build());
    }

    /** A failure that comes after the patience has ended has nobody left to tell: it must be an answer too. */
    private boolean answers() {
        try {
            return jdbi.withHandle(h -> h.createQuery("SELECT 1").mapTo(Integer.class).one()) == 1;
        } catch (JdbiException away) {
            return false;
        }
    }
}
