package io.certcourier.ops;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import io.certcourier.renewal.RenewalEnded;
import io.certcourier.renewal.RenewalFilter;
import io.certcourier.scm.ScmAccounts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ApplicationConfig;
import io.quarkus.runtime.StartupEvent;

/**
 * Counts what ended in this process. All counters begin with 0 at the start: Prometheus does not see an increase of a series
 * that is born with 1, and the first failure is the one that matters.
 */
@ApplicationScoped
class RenewalMetrics {

    /** An event may name any account; one that is not configured must not make a series of its own. */
    private static final String OTHER_ACCOUNT = "other";
    private static final Set<String> SERVICES = Set.of("CDN", "ELB", "WAF");
    private static final Set<String> REACHED = Set.of("NONE", "PUSHED");
    private static final Duration[] BUCKETS = { Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5),
            Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(5),
            Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofHours(6) };

    private final MeterRegistry registry;
    private final Set<String> accounts;

    @Inject
    RenewalMetrics(MeterRegistry registry, ScmAccounts accounts) {
        this(registry, accounts.names());
    }

    RenewalMetrics(MeterRegistry registry, Set<String> accounts) {
        this.registry = registry;
        this.accounts = new TreeSet<>(accounts);
        this.accounts.add(OTHER_ACCOUNT);
    }

    void start(@Observes StartupEvent event, OpsConfig config, ApplicationConfig application) {
        beginWithZero();
        var info = MeterName.BUILD_INFO;
        Gauge.builder(info.meter, () -> 1).description(info.tells).tag("version", application.version().orElse("unknown"))
                .tag("revision", config.revision()).register(registry);
    }

    void beginWithZero() {
        for (String outcome : RenewalFilter.outcomeNames()) {
            accounts.forEach(account -> completed(account, outcome));
            duration(outcome);
        }
        SERVICES.forEach(service -> REACHED.forEach(reached -> target(service, reached)));
    }

    void count(@Observes RenewalEnded end) {
        completed(accounts.contains(end.account()) ? end.account() : OTHER_ACCOUNT, end.outcome()).increment();
        duration(end.outcome()).record(end.duration());
        end.targets().forEach(target -> target(target.service(), target.reached()).increment());
    }

    private Counter completed(String account, String outcome) {
        var name = MeterName.RENEWALS_COMPLETED;
        return Counter.builder(name.meter).description(name.tells).tag("account", account).tag("outcome", outcome)
                .register(registry);
    }

    private Timer duration(String outcome) {
        var name = MeterName.RENEWAL_DURATION;
        return Timer.builder(name.meter).description(name.tells).tag("outcome", outcome).serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter target(String service, String reached) {
        var name = MeterName.TARGETS_COMPLETED;
        return Counter.builder(name.meter).description(name.tells).tag("service", service).tag("reached", reached)
                .register(registry);
    }
}
