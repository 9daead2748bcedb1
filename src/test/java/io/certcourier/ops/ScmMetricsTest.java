package io.certcourier.ops;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.certcourier.scm.ScmCall;
import io.certcourier.scm.ScmCall.Outcome;
import io.certcourier.scm.ScmOperation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class ScmMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ScmMetrics metrics = new ScmMetrics(registry, Set.of("prod"));

    @BeforeEach
    void begin() {
        metrics.beginWithZero();
    }

    @Test
    void every_operation_outcome_and_code_begins_with_zero() {
        assertThat(registry.get("certcourier.scm.requests").timers()).hasSize(5 * 6).allMatch(timer -> timer.count() == 0);
        assertThat(registry.get("certcourier.scm.errors").counters()).hasSize(ScmCall.errorCodes().size())
                .allMatch(counter -> counter.count() == 0);
    }

    @Test
    void a_call_is_counted_with_its_time_and_code() {
        int series = registry.getMeters().size();

        metrics.count(new ScmCall("prod", ScmOperation.PUSH, Outcome.REFUSED, Optional.of("SCM.0069"), Optional.of(400),
                Optional.empty(), Duration.ofMillis(30)));

        var timer = registry.get("certcourier.scm.requests").tags("account", "prod", "operation", "push", "outcome", "REFUSED")
                .timer();
        assertThat(timer.totalTime(MILLISECONDS)).isEqualTo(30);
        assertThat(registry.get("certcourier.scm.errors").tag("code", "SCM.0069").counter().count()).isEqualTo(1);
        assertThat(registry.getMeters()).hasSize(series);
    }
}
