package io.certcourier.local.scm;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

import io.vertx.core.json.JsonObject;

/** What can go wrong with a call, with the options of each kind and their defaults. */
public enum FaultKind {
    /** Any status; body is json, html, text or empty. No effect unless after-effect. An empty code is chosen by status. */
    STATUS(null, Map.of("status", 503, "body", "json", "code", "", "message", "The service is busy.", "headers",
            new JsonObject(), "after-effect", false)),
    /** A page of some proxy where JSON was due. No effect unless after-effect. */
    HTML_200(null, Map.of("after-effect", false)),
    /** 429 in Huawei's words, no effect. An empty retry-after sends no such header. */
    THROTTLED(null, Map.of("retry-after", "", "limit", 20, "window", "1 minute")),
    /** One of the refusals of {@link Denial}, by its label; no effect. */
    DENIED(null, Map.of("reason", "wrong-signature")),
    /** The connection is reset, nothing was done. */
    RESET_BEFORE(null, Map.of()),
    /** The connection stays open, nothing was done. */
    NEVER_ANSWER(null, Map.of()),
    /** This call is reset without effect, and for a while no connection is accepted. */
    REFUSE_CONNECTIONS(null, Map.of("millis", 1000)),
    /** Everything was done, the connection stays open. */
    LOST_HANG(null, Map.of()),
    /** Everything was done, the connection is reset. */
    LOST_RESET(null, Map.of()),
    /** The answer trickles. */
    SLOW_BYTES(null, Map.of("bytes", 1, "millis", 50)),
    /** Half of the body, in a well-formed HTTP answer. */
    TRUNCATED_JSON(null, Map.of()),
    MALFORMED_JSON(null, Map.of()),
    WRONG_CONTENT_TYPE(null, Map.of("content-type", "text/plain")),
    /** The official SDK cannot read such an answer. */
    MISSING_CONTENT_TYPE(null, Map.of()),
    /** Stored, but the answer is an empty object. */
    IMPORT_WITHOUT_ID(Operation.IMPORT, Map.of()),
    /** No copy is made; restrict by project, else every item fails. */
    BATCH_ITEM_FAILED(Operation.BATCH_PUSH, Map.of("message", "the service is busy")),
    /** The copy is made, the result is left out; restrict by project, else the results are empty. */
    BATCH_ITEM_MISSING(Operation.BATCH_PUSH, Map.of()),
    /** Certificates younger than that are not listed. */
    LIST_LAG(Operation.LIST, Map.of("seconds", 5)),
    /** An empty page under a right total_count. */
    LIST_EMPTY(Operation.LIST, Map.of()),
    /** A full page of made-up certificates with new ids, whatever the offset. */
    LIST_ENDLESS(Operation.LIST, Map.of()),
    /** Every item of the page has the id of the first. */
    LIST_REPEATED(Operation.LIST, Map.of()),
    LIST_WRONG_TOTAL(Operation.LIST, Map.of("total", 0)),
    /** Before the call a second certificate of that name and content appears. */
    SECOND_CERTIFICATE(null, Map.of("name", "")),
    /** Before the call somebody deletes the certificate of the call, or the named one. */
    CERTIFICATE_DELETED(null, Map.of("name", "")),
    /** Before the call the certificate of the call, or the named one, turns EXPIRED. */
    CERTIFICATE_EXPIRED(null, Map.of("name", "")),
    DEPLOYED_IS_ERROR(Operation.DEPLOYED_RESOURCES, Map.of()),
    /** Not an error: the effect is immediate, the answer waits millis plus up to jitter. Adds to any other fault. */
    LATENCY(null, Map.of("millis", 100, "jitter", 0));

    private final Operation operation;
    private final Map<String, Object> options;

    FaultKind(Operation operation, Map<String, Object> options) {
        this.operation = operation;
        this.options = options;
    }

    /** The word over HTTP: {@code lost-hang}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException there is no fault of that kind */
    public static FaultKind of(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no fault of kind " + label + "."));
    }

    /** The only operation that can suffer it; null for any. */
    Operation operation() {
        return operation;
    }

    Map<String, Object> options() {
        return options;
    }
}
