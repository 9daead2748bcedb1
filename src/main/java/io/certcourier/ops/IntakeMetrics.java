package io.certcourier.ops;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.certcourier.intake.EventArrived;
import io.certcourier.intake.IntakeStatus;
import io.certcourier.outcome.Channel;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Phase;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;

/** Shows what intake counts. */
@ApplicationScoped
class IntakeMetrics {

    /** The phases in which a record can be refused. */
    private static final Set<Phase> REFUSING = EnumSet.of(Phase.INTAKE, Phase.DECRYPT, Phase.VALIDATE);

    private static final Duration[] BUCKETS = { Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30),
            Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofHours(6) };

    private final MeterRegistry registry;
    private final IntakeStatus intake;

    IntakeMetrics(MeterRegistry registry, IntakeStatus intake) {
        this.registry = registry;
        this.intake = intake;
    }

    void start(@Observes StartupEvent event) {
        show();
    }

    void show() {
        Channel.ALL.forEach(channel -> IntakeStatus.forms().forEach(form -> counter(MeterName.EVENTS_RECEIVED,
                status -> status.received(channel, form), Tags.of("channel", channel, "form", form))));
        reasons().forEach(reason -> counter(MeterName.EVENTS_REJECTED, status -> status.rejected(reason),
                Tags.of("reason", reason.name())));
        counter(MeterName.EVENTS_DUPLICATES, IntakeStatus::duplicates, Tags.empty());
        counter(MeterName.EVENTS_UNKNOWN_FIELDS, IntakeStatus::unknownFields, Tags.empty());
        counter(MeterName.EVENTS_PLAINTEXT_KEYS, IntakeStatus::plaintextKeys, Tags.empty());
        age();
        var poll = MeterName.INTAKE_LAST_POLL;
        Gauge.builder(poll.meter, intake, IntakeMetrics::lastPoll).description(poll.tells).baseUnit(poll.kind.unit)
                .register(registry);
    }

    void time(@Observes EventArrived event) {
        age().record(event.age());
    }

    private Timer age() {
        var name = MeterName.EVENT_AGE;
        return Timer.builder(name.meter).description(name.tells).serviceLevelObjectives(BUCKETS).register(registry);
    }

    private static List<ReasonCode> reasons() {
        return Arrays.stream(ReasonCode.values())
                .filter(reason -> reason.phase(null) != null && REFUSING.contains(reason.phase(null))).toList();
    }

    private static double lastPoll(IntakeStatus intake) {
        return intake.lastPoll().map(Instant::toEpochMilli).map(millis -> millis / 1000.0).orElse(Double.NaN);
    }

    private void counter(MeterName name, ToDoubleFunction<IntakeStatus> count, Tags tags) {
        FunctionCounter.builder(name.meter, intake, count).description(name.tells).tags(tags).register(registry);
    }
}
