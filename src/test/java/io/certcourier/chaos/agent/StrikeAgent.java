package io.certcourier.chaos.agent;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.lang.instrument.Instrumentation;

import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/** Weaves {@link Strike#here()} into one method, as its class is loaded. Runs in the service's JVM, before its main. */
public final class StrikeAgent {

    private StrikeAgent() {
    }

    /** @param argument see {@link StrikeOrder} */
    public static void premain(String argument, Instrumentation instrumentation) {
        var order = StrikeOrder.parse(argument);
        Strike.arm(order);
        var advice = order.atEntry() ? Advice.to(AtEntry.class) : Advice.to(AtReturn.class);
        new AgentBuilder.Default().ignore(none()).disableClassFormatChanges().type(named(order.type()))
                .transform((builder, type, loader, module, domain) -> builder
                        .visit(advice.on(named(order.method()).and(takesArguments(order.parameters())))))
                .installOn(instrumentation);
    }

    /** Inlined by Byte Buddy, never called. */
    static final class AtEntry {

        private AtEntry() {
        }

        @Advice.OnMethodEnter
        static void enter() {
            Strike.here();
        }
    }

    /** Inlined by Byte Buddy, never called; a method that throws has not reached its end. */
    static final class AtReturn {

        private AtReturn() {
        }

        @Advice.OnMethodExit
        static void exit() {
            Strike.here();
        }
    }
}
