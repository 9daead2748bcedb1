package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;

import io.certcourier.ops.Backlog.Breaker;
import io.certcourier.ops.Backlog.Budget;
import io.certcourier.ops.Backlog.Certificate;
import io.certcourier.ops.Backlog.OfState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class BacklogGaugesTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BacklogGauges gauges = new BacklogGauges(registry);

    private static Backlog aBacklog(OptionalDouble headroom, boolean breakerOpen) {
        return new Backlog(List.of(new OfState("READY", 3, 12.5), new OfState("HELD", 0, 0)), 7, headroom, 2, 1.5, 1, 3, 0,
                List.of(new Budget("prod", "push", 60, 600)), List.of(new Breaker("prod", breakerOpen)),
                List.of(new Certificate("prod", "www.example.com", 1.8e9)));
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void shows_what_waits() {
        gauges.show(Optional.of(aBacklog(OptionalDouble.of(86_400), true)));

        assertThat(gauge("certcourier.renewals.open", "state", "READY")).isEqualTo(3);
        assertThat(gauge("certcourier.renewals.open", "state", "HELD")).isZero();
        assertThat(gauge("certcourier.renewals.oldest", "state", "READY")).isEqualTo(12.5);
        assertThat(gauge("certcourier.renewals.oldest.due")).isEqualTo(7);
        assertThat(gauge("certcourier.renewals.deadline.headroom")).isEqualTo(86_400);
        assertThat(gauge("certcourier.outbox.pending")).isEqualTo(2);
        assertThat(gauge("certcourier.outbox.oldest")).isEqualTo(1.5);
        assertThat(gauge("certcourier.outbox.parked")).isEqualTo(1);
        assertThat(gauge("certcourier.keys.sealed")).isEqualTo(3);
        assertThat(gauge("certcourier.keys.overdue")).isZero();
        assertThat(gauge("certcourier.scm.budget.tokens", "account", "prod", "operation", "push")).isEqualTo(60);
        assertThat(gauge("certcourier.scm.budget.per.minute", "account", "prod", "operation", "push")).isEqualTo(600);
        assertThat(gauge("certcourier.scm.breaker.open", "account", "prod")).isEqualTo(1);
        assertThat(gauge("certcourier.certificate.not.after.timestamp", "account", "prod", "certificate", "www.example.com"))
                .isEqualTo(1.8e9);
    }

    @Test
    void no_open_renewal_has_no_deadline_to_be_near() {
        gauges.show(Optional.of(aBacklog(OptionalDouble.empty(), false)));

        assertThat(registry.find("certcourier.renewals.deadline.headroom").gauge()).isNull();
        assertThat(gauge("certcourier.scm.breaker.open", "account", "prod")).isZero();
    }

    @Test
    void a_replica_that_no_longer_counts_exports_nothing() {
        gauges.show(Optional.of(aBacklog(OptionalDouble.of(1), false)));

        gauges.show(Optional.empty());

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void a_newer_count_takes_the_place_of_the_older() {
        gauges.show(Optional.of(aBacklog(OptionalDouble.of(100), false)));

        gauges.show(Optional.of(aBacklog(OptionalDouble.of(50), false)));

        assertThat(gauge("certcourier.renewals.deadline.headroom")).isEqualTo(50);
    }
}
