package io.certcourier.ops;

import java.time.InstantSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.certcourier.outcome.TraceParent;
import io.certcourier.scm.ScmCall;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;

/** Makes a CLIENT span of every call of SCM, under the step that made it. No header, body or id of a certificate is in it. */
@ApplicationScoped
class ScmSpans {

    private final InstantSource clock;

    ScmSpans(InstantSource clock) {
        this.clock = clock;
    }

    /** On the calling thread, when the call is over. */
    void trace(@Observes ScmCall call) {
        var end = clock.instant();
        var route = call.operation().route();
        var span = TraceParent.tracer().spanBuilder(route).setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(end.minus(call.took()))
                .setAttribute("http.request.method", route.substring(0, route.indexOf(' ')))
                .setAttribute("url.template", route.substring(route.indexOf(' ') + 1))
                .setAttribute("certcourier.account", call.account())
                .setAttribute("certcourier.scm.outcome", call.outcome().name()).startSpan();
        call.httpStatus().ifPresent(status -> span.setAttribute("http.response.status_code", status));
        call.requestId().ifPresent(id -> span.setAttribute("certcourier.scm.request.id", id));
        if (call.outcome() != ScmCall.Outcome.OK) {
            span.setStatus(StatusCode.ERROR).setAttribute("error.type", call.errorCode().orElse(call.outcome().name()));
        }
        span.end(end);
    }
}
