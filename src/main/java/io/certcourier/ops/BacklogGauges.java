package io.certcourier.ops;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;

/** The backlog as gauges. A value that is not known is absent, never old: only the replica that counts exports any. */
@ApplicationScoped
class BacklogGauges {

    private final MeterRegistry registry;
    private final Map<MeterName, MultiGauge> gauges = new EnumMap<>(MeterName.class);

    BacklogGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param known empty: nothing is exported until it is known again */
    void show(Optional<Backlog> known) {
        var states = known.map(Backlog::states).orElse(List.of());
        show(MeterName.RENEWALS_OPEN, states.stream().map(s -> row(s.open(), "state", s.state())).toList());
        show(MeterName.RENEWALS_OLDEST, states.stream().map(s -> row(s.oldest(), "state", s.state())).toList());
        show(MeterName.RENEWALS_OLDEST_DUE, known.map(b -> row(b.oldestDue())).stream().toList());
        show(MeterName.DEADLINE_HEADROOM, known.stream().flatMap(b -> b.headroom().stream().mapToObj(s -> row(s))).toList());
        show(MeterName.OUTBOX_PENDING, known.map(b -> row(b.outboxPending())).stream().toList());
        show(MeterName.OUTBOX_OLDEST, known.map(b -> row(b.outboxOldest())).stream().toList());
        show(MeterName.OUTBOX_PARKED, known.map(b -> row(b.outboxParked())).stream().toList());
        show(MeterName.KEYS_SEALED, known.map(b -> row(b.keysSealed())).stream().toList());
        show(MeterName.KEYS_OVERDUE, known.map(b -> row(b.keysOverdue())).stream().toList());
        var budgets = known.map(Backlog::budgets).orElse(List.of());
        show(MeterName.SCM_BUDGET_TOKENS, budgets.stream()
                .map(b -> row(b.tokens(), "account", b.account(), "operation", b.operation())).toList());
        show(MeterName.SCM_BUDGET_PER_MINUTE, budgets.stream()
                .map(b -> row(b.perMinute(), "account", b.account(), "operation", b.operation())).toList());
        show(MeterName.SCM_BREAKER_OPEN, known.map(Backlog::breakers).orElse(List.of()).stream()
                .map(b -> row(b.open() ? 1 : 0, "account", b.account())).toList());
        show(MeterName.CERTIFICATE_NOT_AFTER, known.map(Backlog::certificates).orElse(List.of()).stream()
                .map(c -> row(c.notAfter(), "account", c.account(), "certificate", c.name())).toList());
    }

    private static Row<?> row(double value, String... tags) {
        return Row.of(Tags.of(tags), value);
    }

    private void show(MeterName name, List<? extends Row<?>> rows) {
        gauges.computeIfAbsent(name, n -> MultiGauge.builder(n.meter).description(n.tells).baseUnit(n.kind.unit)
                .register(registry)).register(List.<Row<?>> copyOf(rows), true);
    }
}
