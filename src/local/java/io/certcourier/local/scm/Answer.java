package io.certcourier.local.scm;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * One HTTP answer before it is sent.
 *
 * @param body null for none
 * @param contentType null for none, which an answer without a body never has anyway
 * @param errorCode for the ledger; null on success
 */
record Answer(int status, Buffer body, String contentType, Map<String, String> headers, String errorCode) {

    static final String JSON = "application/json;charset=UTF-8";

    static Answer json(int status, JsonObject body) {
        return new Answer(status, body.toBuffer(), JSON, Map.of(), null);
    }

    static Answer empty(int status) {
        return new Answer(status, null, null, Map.of(), null);
    }

    static Answer text(int status, String contentType, String body) {
        return new Answer(status, Buffer.buffer(body.getBytes(StandardCharsets.UTF_8)), contentType, Map.of(), null);
    }

    static Answer of(Refusal refusal, Switches switches, String requestId) {
        var code = refusal.code(switches);
        var body = new JsonObject().put("error_code", code).put("error_msg", refusal.getMessage());
        if (refusal.fromGateway()) {
            body.put("request_id", requestId);
        }
        return json(refusal.status(switches), body).withErrorCode(code);
    }

    Answer withBody(Buffer other) {
        return new Answer(status, other, contentType, headers, errorCode);
    }

    Answer withContentType(String other) {
        return new Answer(status, body, other, headers, errorCode);
    }

    Answer withHeaders(Map<String, String> others) {
        return new Answer(status, body, contentType, others, errorCode);
    }

    Answer withErrorCode(String code) {
        return new Answer(status, body, contentType, headers, code);
    }

    boolean succeeded() {
        return status < 300;
    }
}
