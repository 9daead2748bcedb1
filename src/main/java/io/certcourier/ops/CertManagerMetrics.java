package io.certcourier.ops;

import java.util.Locale;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.certcourier.certmanager.Finding;
import io.certcourier.certmanager.WatchStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;

/** Shows the watch of cert-manager's Secrets, where there is one. */
@ApplicationScoped
class CertManagerMetrics {

    private final MeterRegistry registry;
    private final WatchStatus watch;

    CertManagerMetrics(MeterRegistry registry, WatchStatus watch) {
        this.registry = registry;
        this.watch = watch;
    }

    void start(@Observes StartupEvent event) {
        if (!watch.enabled()) {
            return;
        }
        var looks = MeterName.CERT_MANAGER_LOOKS;
        for (var finding : Finding.values()) {
            FunctionCounter.builder(looks.meter, watch, status -> status.looks(finding)).description(looks.tells)
                    .tag("outcome", finding.name().toLowerCase(Locale.ROOT)).register(registry);
        }
        var watching = MeterName.CERT_MANAGER_WATCHING;
        Gauge.builder(watching.meter, watch, status -> status.watching() ? 1 : 0).description(watching.tells)
                .register(registry);
    }
}
