package io.certcourier.ops;

import java.net.URI;
import java.util.List;
import java.util.Locale;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.certcourier.outcome.ReasonCode;

/**
 * Why a request was not served, as RFC 9457 spells it. All text is ours: what the caller sent is not repeated.
 *
 * @param type {@code /problems/<kind>}; programs decide by it
 * @param instance what became of this very request: a refusal or renewal to look at, or an unexpected failure, to find it in
 *        the
 *        log; absent otherwise
 * @param errors what is wrong where, if that can be told; absent otherwise
 * @param reasonCode of an event that was refused, with its remedy; absent otherwise
 * @param help where the reason is explained
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(URI type, String title, int status, String detail, URI instance, List<Violation> errors, String reasonCode,
        String remedy, String help) {

    static final String MEDIA_TYPE = "application/problem+json";

    /**
     * @param parameter name of the query or path parameter, or of the header
     * @param allowed the values it can have, if they can be counted; absent otherwise
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Violation(String parameter, String detail, List<String> allowed) {
    }

    static Problem of(Status status, String detail) {
        return of(status, status.getReasonPhrase(), detail, null);
    }

    static Problem of(Status status, String title, String detail, List<Violation> errors) {
        return new Problem(type(title), title, status.getStatusCode(), detail, null, errors, null, null, null);
    }

    /** @param detail one sentence of our own on this event */
    static Problem refusal(int status, ReasonCode code, String detail, URI instance) {
        return new Problem(type(code.name()), code.meaning(), status, detail, instance, null, code.name(), code.remedy().name(),
                code.help());
    }

    static Problem unexpected(URI instance) {
        String title = Status.INTERNAL_SERVER_ERROR.getReasonPhrase();
        return new Problem(type(title), title, 500, "The request failed inside; the log tells more under the instance's id.",
                instance, null, null, null, null);
    }

    private static URI type(String title) {
        return URI.create("/problems/" + title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
    }

    Response.ResponseBuilder response() {
        return Response.status(status).type(MEDIA_TYPE).entity(this);
    }
}
