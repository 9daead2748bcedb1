package io.certcourier.outcome;

import java.util.Map;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;

/**
 * The PRODUCER span of one try to send one event. It is linked to the event that is answered, not its child: hours may lie
 * between them, and the record's own traceparent was fixed when the outcome was stored.
 */
final class SendSpan {

    private SendSpan() {
    }

    static Span begin(OutboxEvent event) {
        Map<String, String> headers = event.headers();
        var span = TraceParent.tracer().spanBuilder("send " + event.topic()).setSpanKind(SpanKind.PRODUCER).setNoParent()
                .setAttribute("messaging.system", "kafka").setAttribute("messaging.operation.type", "send")
                .setAttribute("messaging.operation.name", "send").setAttribute("messaging.destination.name", event.topic())
                .setAttribute("messaging.message.id", event.id())
                .setAttribute("messaging.message.conversation_id", headers.get("ce_correlationid"));
        var answered = TraceParent.read(headers.get("traceparent"));
        return (answered.isValid() ? span.addLink(answered) : span).startSpan();
    }

    /** @param failure null if the broker has it; its text may repeat the record, so only its kind is told */
    static void end(Span span, Throwable failure) {
        if (failure != null) {
            span.setStatus(StatusCode.ERROR).setAttribute("error.type", failure.getClass().getName());
        }
        span.end();
    }
}
