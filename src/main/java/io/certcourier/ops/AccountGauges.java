package io.certcourier.ops;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.certcourier.scm.ScmAccounts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;

/** What this process knows of its accounts without asking anyone: NaN as long as it knows nothing. */
@ApplicationScoped
class AccountGauges {

    private final MeterRegistry registry;
    private final ScmAccounts accounts;

    AccountGauges(MeterRegistry registry, ScmAccounts accounts) {
        this.registry = registry;
        this.accounts = accounts;
    }

    void start(@Observes StartupEvent event) {
        for (String account : accounts.names()) {
            gauge(MeterName.SCM_CREDENTIALS_EXPIRY, account, () -> accounts.credentialsLeft(account));
            gauge(MeterName.SCM_CLOCK_SKEW, account, () -> accounts.clockSkew(account));
        }
    }

    private void gauge(MeterName name, String account, Supplier<Optional<Duration>> value) {
        Gauge.builder(name.meter, () -> value.get().map(time -> time.toMillis() / 1000.0).orElse(Double.NaN))
                .description(name.tells).baseUnit(name.kind.unit).tag("account", account).register(registry);
    }
}
