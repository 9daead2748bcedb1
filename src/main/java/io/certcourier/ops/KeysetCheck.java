package io.certcourier.ops;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

import io.certcourier.renewal.SealStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;

/** Not ready while a stored private key was sealed by a key that the keyset lacks: a rollout with a wrong keyset stops here. */
@Readiness
@ApplicationScoped
class KeysetCheck implements HealthCheck {

    private final SealStatus seals;

    KeysetCheck(SealStatus seals) {
        this.seals = seals;
    }

    void showGauges(@Observes StartupEvent event, MeterRegistry registry) {
        Gauge.builder(MeterName.KEYS_OUTDATED.meter, seals, SealStatus::outdated).description(MeterName.KEYS_OUTDATED.tells)
                .register(registry);
        Gauge.builder(MeterName.KEYS_LOST.meter, seals, SealStatus::lost).description(MeterName.KEYS_LOST.tells)
                .register(registry);
    }

    @Override
    public HealthCheckResponse call() {
        long lost = seals.lost();
        return HealthCheckResponse.named("keyset").status(lost == 0).withData("lost", lost).build();
    }
}
