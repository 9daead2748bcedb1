package io.certcourier.ops;

import java.time.Duration;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import io.certcourier.scm.ScmAccounts;
import io.certcourier.scm.ScmCall;
import io.certcourier.scm.ScmOperation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;

/** Rate, errors and duration of this process's calls of SCM. All series begin with 0 at the start, as in RenewalMetrics. */
@ApplicationScoped
class ScmMetrics {

    private static final Duration[] BUCKETS = { Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(300),
            Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(15) };

    private final MeterRegistry registry;
    private final Set<String> accounts;

    @Inject
    ScmMetrics(MeterRegistry registry, ScmAccounts accounts) {
        this(registry, accounts.names());
    }

    ScmMetrics(MeterRegistry registry, Set<String> accounts) {
        this.registry = registry;
        this.accounts = accounts;
    }

    void start(@Observes StartupEvent event) {
        beginWithZero();
    }

    void beginWithZero() {
        for (String account : accounts) {
            for (var operation : ScmOperation.values()) {
                for (var outcome : ScmCall.Outcome.values()) {
                    requests(account, operation, outcome);
                }
            }
        }
        ScmCall.errorCodes().forEach(this::errors);
    }

    void count(@Observes ScmCall call) {
        requests(call.account(), call.operation(), call.outcome()).record(call.took());
        call.errorCode().ifPresent(code -> errors(code).increment());
    }

    private Timer requests(String account, ScmOperation operation, ScmCall.Outcome outcome) {
        var name = MeterName.SCM_REQUESTS;
        return Timer.builder(name.meter).description(name.tells).tag("account", account).tag("operation", operation.label())
                .tag("outcome", outcome.name()).serviceLevelObjectives(BUCKETS).register(registry);
    }

    private Counter errors(String code) {
        var name = MeterName.SCM_ERRORS;
        return Counter.builder(name.meter).description(name.tells).tag("code", code).register(registry);
    }
}
