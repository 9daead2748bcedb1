package io.certcourier.intake;

import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;

/**
 * The CONSUMER span of one record, from its arrival until it is stored; a child of the producer's, if the record tells one. It
 * is what is stored as the event's trace: later steps and the outcome refer to it.
 */
final class RecordSpan implements AutoCloseable {

    private final Span span;
    private final Reading reading;

    private RecordSpan(Span span, Reading reading) {
        this.span = span;
        this.reading = reading;
    }

    static RecordSpan over(Reading read) {
        var record = read.trace();
        var producer = Span.wrap(TraceParent.read(read.attributes().traceparent()));
        var span = TraceParent.tracer().spanBuilder("process " + CertRenewedConsumer.CHANNEL).setSpanKind(SpanKind.CONSUMER)
                .setParent(Context.root().with(producer)).setStartTimestamp(record.receivedAt())
                .setAttribute("messaging.system", "kafka").setAttribute("messaging.operation.type", "process")
                .setAttribute("messaging.operation.name", "process")
                .setAttribute("messaging.destination.name", record.place().topic())
                .setAttribute("messaging.destination.partition.id", Integer.toString(record.place().partition()))
                .setAttribute("messaging.kafka.offset", record.place().offset())
                .setAttribute("messaging.message.id", read.attributes().id())
                .setAttribute("messaging.message.conversation_id", read.attributes().correlationId()).startSpan();
        var code = refusal(read);
        if (code != null) {
            span.setStatus(StatusCode.ERROR).setAttribute("error.type", code.name());
        }
        if (read instanceof Reading.Event event) {
            span.setAttribute("certcourier.renewal.id", event.request().id().toString());
        }
        return new RecordSpan(span, read.under(TraceParent.write(span.getSpanContext())));
    }

    private static ReasonCode refusal(Reading reading) {
        if (reading instanceof Reading.Refusal refusal) {
            return refusal.code();
        }
        var rejection = ((Reading.Event) reading).request().rejection();
        return rejection == null ? null : rejection.code();
    }

    /** With this span as the event's trace. */
    Reading reading() {
        return reading;
    }

    /** Private keys too. */
    @Override
    public void close() {
        reading.close();
        span.end();
    }
}
