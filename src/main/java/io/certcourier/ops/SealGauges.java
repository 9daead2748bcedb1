package io.certcourier.ops;

import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.certcourier.renewal.SealStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;

/**
 * How this replica's keyset fits the sealed keys. No probe: a lost key holds its renewals only, and the API that cancels them
 * has to stay within reach.
 */
@ApplicationScoped
class SealGauges {

    private final MeterRegistry registry;
    private final SealStatus seals;

    SealGauges(MeterRegistry registry, SealStatus seals) {
        this.registry = registry;
        this.seals = seals;
    }

    void start(@Observes StartupEvent event) {
        show(MeterName.KEYS_PRIMARY, seals::primary);
        show(MeterName.KEYS_OUTDATED, seals::outdated);
        show(MeterName.KEYS_LOST, seals::lost);
    }

    private void show(MeterName name, Supplier<Number> value) {
        Gauge.builder(name.meter, value).description(name.tells).register(registry);
    }
}
