package io.certcourier.ops;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.certcourier.renewal.RenewalEnded;
import io.certcourier.renewal.RenewalEnded.TargetEnd;
import io.certcourier.renewal.RenewalFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class RenewalMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RenewalMetrics metrics = new RenewalMetrics(registry, Set.of("prod", "test"));

    private static RenewalEnded anEnd(String account, String outcome, TargetEnd... targets) {
        return new RenewalEnded(UUID.randomUUID(), "www.example.com", account, outcome, null, Duration.ofSeconds(3),
                List.of(targets));
    }

    private double completed(String account, String outcome) {
        return registry.get("certcourier.renewals.completed").tags("account", account, "outcome", outcome).counter().count();
    }

    private double targets(String service, String reached) {
        return registry.get("certcourier.targets.completed").tags("service", service, "reached", reached).counter().count();
    }

    @BeforeEach
    void begin() {
        metrics.beginWithZero();
    }

    @Test
    void every_account_and_outcome_begins_with_zero() {
        var counters = registry.get("certcourier.renewals.completed").counters();

        assertThat(counters).hasSize(3 * RenewalFilter.outcomeNames().size()).allMatch(counter -> counter.count() == 0);
        assertThat(registry.get("certcourier.renewal.duration").timers()).hasSize(RenewalFilter.outcomeNames().size());
        assertThat(registry.get("certcourier.targets.completed").counters()).hasSize(6);
    }

    @Test
    void an_end_is_counted_once_with_its_time_and_targets() {
        metrics.count(anEnd("prod", "PARTIAL", new TargetEnd("CDN", "NONE"), new TargetEnd("ELB", "PUSHED"),
                new TargetEnd("ELB", "PUSHED")));

        assertThat(completed("prod", "PARTIAL")).isEqualTo(1);
        assertThat(completed("test", "PARTIAL")).isZero();
        assertThat(registry.get("certcourier.renewal.duration").tag("outcome", "PARTIAL").timer().totalTime(SECONDS))
                .isEqualTo(3);
        assertThat(targets("CDN", "NONE")).isEqualTo(1);
        assertThat(targets("ELB", "PUSHED")).isEqualTo(2);
    }

    @Test
    void an_account_that_only_an_event_names_makes_no_series() {
        metrics.count(anEnd("made-up-by-a-producer", "REJECTED"));

        assertThat(completed("other", "REJECTED")).isEqualTo(1);
        assertThat(registry.get("certcourier.renewals.completed").counters())
                .noneMatch(counter -> "made-up-by-a-producer".equals(counter.getId().getTag("account")));
    }
}
