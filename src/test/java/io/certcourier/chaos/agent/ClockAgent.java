package io.certcourier.chaos.agent;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;
import static net.bytebuddy.matcher.ElementMatchers.returns;

import java.lang.instrument.Instrumentation;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;

import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.implementation.FixedValue;

/** Sets the one clock of the service wrong. */
public final class ClockAgent {

    private ClockAgent() {
    }

    /** @param argument how far it is ahead, an ISO duration */
    public static void premain(String argument, Instrumentation instrumentation) {
        var wrong = Clock.offset(Clock.systemUTC(), Duration.parse(argument));
        new AgentBuilder.Default().ignore(none()).type(named("io.certcourier.ops.SystemClock"))
                .transform((builder, type, loader, module, domain) -> builder.method(returns(InstantSource.class))
                        .intercept(FixedValue.value(wrong)))
                .installOn(instrumentation);
    }
}
