package io.certcourier.ops;

import java.util.Locale;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

import io.certcourier.certmanager.Finding;
import io.certcourier.certmanager.WatchStatus;
import io.quarkus.arc.lookup.LookupIfProperty;
import io.smallrye.health.api.HealthGroup;

/** Among the dependencies where Secrets of cert-manager are watched: whether they are, and what was found since the start. */
@ApplicationScoped
class CertManagerCheck {

    private final WatchStatus watch;

    CertManagerCheck(WatchStatus watch) {
        this.watch = watch;
    }

    @Produces
    @ApplicationScoped
    @HealthGroup(DependenciesCheck.GROUP)
    @LookupIfProperty(name = "certcourier.cert-manager.enabled", stringValue = "true")
    HealthCheck certManager() {
        return () -> {
            var answer = HealthCheckResponse.named("cert-manager").status(watch.watching());
            for (var finding : Finding.values()) {
                answer.withData(finding.name().toLowerCase(Locale.ROOT), watch.looks(finding));
            }
            return answer.build();
        };
    }
}
