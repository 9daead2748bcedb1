package io.certcourier.outcome;

import java.util.List;

import org.eclipse.microprofile.config.ConfigProvider;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;

/** The W3C traceparent that travels with an event, is stored with its renewal, and goes out with the outcome. */
public final class TraceParent {

    private static final String FIELD = "traceparent";
    private static final TextMapGetter<String> ONE_FIELD = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String text) {
            return List.of(FIELD);
        }

        @Override
        public String get(String text, String key) {
            return FIELD.equals(key) ? text : null;
        }
    };

    private TraceParent() {
    }

    /**
     * Makes our spans; while tracing is off, none. The SDK's own idea of off is spans that nobody exports: an outcome would
     * carry the id of one of them instead of the producer's.
     */
    public static Tracer tracer() {
        boolean off = ConfigProvider.getConfig().getOptionalValue("quarkus.otel.sdk.disabled", Boolean.class).orElse(true);
        return (off ? OpenTelemetry.noop() : GlobalOpenTelemetry.get()).getTracer("io.certcourier");
    }

    /** An invalid context if the text is null or malformed. */
    public static SpanContext read(String text) {
        return text == null ? SpanContext.getInvalid()
                : Span.fromContext(W3CTraceContextPropagator.getInstance().extract(Context.root(), text, ONE_FIELD))
                        .getSpanContext();
    }

    /** Null for an invalid context. */
    public static String write(SpanContext context) {
        return context.isValid()
                ? "00-" + context.getTraceId() + "-" + context.getSpanId() + "-" + context.getTraceFlags().asHex()
                : null;
    }
}
