package io.certcourier.renewal;

import java.util.List;

import io.certcourier.outcome.LogKeys;
import io.certcourier.outcome.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;

/**
 * Whom a step is for: the keys of its log lines, and its span, which is a trace of its own, linked to those of the events,
 * because hours may lie between an event and a step. Closed on the thread that opened it.
 */
final class StepScope implements AutoCloseable {

    private final Span span;
    private final Scope current;
    private final LogKeys keys;

    private StepScope(Span span, Scope current, LogKeys keys) {
        this.span = span;
        this.current = current;
        this.keys = keys;
    }

    static StepScope of(Claim claim) {
        var lease = claim.lease();
        var events = lease.traceparent() == null ? List.<String> of() : List.of(lease.traceparent());
        var span = begin(lease.account(), events).setAttribute("certcourier.renewal.id", lease.id().toString());
        var current = current(span);
        var keys = LogKeys.about(lease.id(), lease.certificateName(), lease.account()).trace(lease.traceparent());
        if (!(claim instanceof Claim.Ending)) {
            var state = claim instanceof Claim.Import ? State.IMPORTING : State.PUSHING;
            keys.with("state", state).with("attempt", lease.attempts() + 1);
            span.setAttribute("certcourier.state", state.name());
        }
        return new StepScope(span, current, keys);
    }

    static StepScope of(Look look) {
        var span = begin(look.account(), look.traceparents()).setAttribute("certcourier.state", State.CONFIRMING.name());
        var current = current(span);
        return new StepScope(span, current, LogKeys.about(null, null, look.account()).with("state", State.CONFIRMING));
    }

    private static Span begin(String account, List<String> events) {
        var span = TraceParent.tracer().spanBuilder("renewal step").setNoParent().setAttribute("certcourier.account", account);
        events.stream().map(TraceParent::read).filter(event -> event.isValid()).forEach(span::addLink);
        return span.startSpan();
    }

    /** An invalid span, as there is without tracing, would show its zeros on every log line. */
    private static Scope current(Span span) {
        return span.getSpanContext().isValid() ? span.makeCurrent() : Scope.noop();
    }

    /** The failure's text may repeat values, so only its kind is told. */
    void failed(RuntimeException failure) {
        span.setStatus(StatusCode.ERROR).setAttribute("error.type", failure.getClass().getName());
    }

    @Override
    public void close() {
        keys.close();
        current.close();
        span.end();
    }
}
