package io.certcourier.local.scm;

import java.time.Instant;
import java.util.List;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * One call, as it was; never key material.
 *
 * @param sequence from 1, in order of arrival
 * @param startNanos and endNanos {@link System#nanoTime()}; the end is 0 while the call is open
 * @param account empty if the caller is unknown
 * @param operation null for a path the gateway does not know
 * @param certificateName name in the import, or of the certificate in the path; empty if unknown
 * @param service as sent, upper case; empty where none was
 * @param status the HTTP status answered; {@code lost} if no answer left, {@code open} while the call is under way
 * @param errorCode empty on success
 * @param effects what changed; empty for nothing
 * @param fault label of the fault that struck; empty for none
 */
public record LedgerEntry(long sequence, Instant startedAt, Instant endedAt, long startNanos, long endNanos, String account,
        String accessKey, Operation operation, String certificateName, String certificateId, String service,
        List<String> projects, String status, String errorCode, List<Effect> effects, String requestId, String fault) {

    public boolean made(Effect.Kind kind) {
        return effects.stream().anyMatch(effect -> effect.kind() == kind);
    }

    JsonObject toJson() {
        return new JsonObject().put("sequence", sequence).put("startedAt", startedAt.toString())
                .put("endedAt", endedAt == null ? null : endedAt.toString()).put("startNanos", startNanos)
                .put("endNanos", endNanos).put("account", account).put("accessKey", accessKey)
                .put("operation", operation == null ? "unknown" : operation.label()).put("certificateName", certificateName)
                .put("certificateId", certificateId).put("service", service)
                .put("projects", new JsonArray(List.copyOf(projects))).put("status", status).put("errorCode", errorCode)
                .put("effects", effectsJson()).put("requestId", requestId).put("fault", fault);
    }

    /** No effect is said in a word, because an empty array is easily overread. */
    private JsonArray effectsJson() {
        return effects.isEmpty() ? new JsonArray().add(new JsonObject().put("kind", "NONE"))
                : new JsonArray(effects.stream().map(Effect::toJson).toList());
    }
}
