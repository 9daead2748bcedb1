package io.certcourier.local.scm;

import java.util.Map;
import java.util.TreeMap;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The part of the faults that is about content: answers that replace the real one, and real ones that are spoilt. */
final class FaultyAnswers {

    private static final String HTML = "text/html";
    private static final String PAGE = "<html><head><title>Gateway</title></head><body><h1>Please wait</h1></body></html>";

    private FaultyAnswers() {
    }

    /** The answer that stands in for the real one; null if the kind has none. */
    static Answer instead(Fault fault, Switches switches, String requestId) {
        return switch (fault.kind()) {
            case STATUS -> status(fault);
            case HTML_200 -> Answer.text(200, HTML, PAGE);
            case THROTTLED -> throttled(fault, switches, requestId);
            case DENIED -> Denial.of(fault.text("reason")).answer(switches, requestId);
            default -> null;
        };
    }

    static Answer spoil(Fault fault, Call call, Answer answer) {
        if (answer.body() == null) {
            return answer;
        }
        var body = answer.body();
        return switch (fault.kind()) {
            case TRUNCATED_JSON -> answer.withBody(body.slice(0, body.length() / 2));
            case MALFORMED_JSON -> answer.withBody(Buffer.buffer("{" + body));
            case WRONG_CONTENT_TYPE -> answer.withContentType(fault.text("content-type"));
            case MISSING_CONTENT_TYPE -> answer.withContentType(null);
            default -> answer.succeeded() ? answer.withBody(other(fault, call, body.toJsonObject()).toBuffer()) : answer;
        };
    }

    private static JsonObject other(Fault fault, Call call, JsonObject body) {
        return switch (fault.kind()) {
            case IMPORT_WITHOUT_ID -> new JsonObject();
            case BATCH_ITEM_MISSING -> withoutItem(body, fault);
            case LIST_EMPTY -> body.put("certificates", new JsonArray());
            case LIST_ENDLESS -> endless(body, call);
            case LIST_REPEATED -> repeated(body);
            case LIST_WRONG_TOTAL -> body.put("total_count", fault.number("total"));
            default -> body;
        };
    }

    private static Answer status(Fault fault) {
        var status = fault.number("status");
        var message = fault.text("message");
        var code = fault.text("code").isEmpty() ? codeOf(status) : fault.text("code");
        var answer = switch (fault.text("body")) {
            case "html" -> Answer.text(status, HTML, PAGE);
            case "text" -> Answer.text(status, "text/plain", message);
            case "empty" -> Answer.empty(status);
            default -> Answer.json(status, new JsonObject().put("error_code", code).put("error_msg", message))
                    .withErrorCode(code);
        };
        var headers = new TreeMap<String, String>();
        ((JsonObject) fault.options().get("headers"))
                .forEach(header -> headers.put(header.getKey(), header.getValue().toString()));
        return answer.withHeaders(headers);
    }

    private static String codeOf(int status) {
        return switch (status) {
            case 500 -> "APIGW.0601";
            case 502 -> "APIGW.0610";
            case 503 -> "APIGW.0613";
            case 504 -> "APIGW.0201";
            default -> "SCM.9999";
        };
    }

    private static Answer throttled(Fault fault, Switches switches, String requestId) {
        var refusal = RateLimits.refusal(fault.number("limit"), fault.text("window"));
        var answer = Answer.of(refusal, switches, requestId);
        var retryAfter = fault.text("retry-after");
        return retryAfter.isEmpty() ? answer : answer.withHeaders(Map.of("Retry-After", retryAfter));
    }

    private static JsonObject withoutItem(JsonObject body, Fault fault) {
        var left = new JsonArray();
        for (var item : body.getJsonArray("results")) {
            if (!fault.hits(((JsonObject) item).getString("project_name"))) {
                left.add(item);
            }
        }
        return body.put("results", left);
    }

    private static JsonObject endless(JsonObject body, Call call) {
        var query = new ListQuery(call);
        var page = new JsonArray();
        for (var at = 0; at < query.limit(); at++) {
            var id = "scs9" + String.format("%012d", query.offset() * 1000L + at);
            page.add(new JsonObject().put("id", id).put("name", "endless-" + id).put("domain", "endless.example")
                    .put("sans", "").put("expire_time", "2099-01-01 00:00:00.0").put("status", "UPLOAD"));
        }
        return body.put("certificates", page).put("total_count", 10_000);
    }

    private static JsonObject repeated(JsonObject body) {
        var page = body.getJsonArray("certificates");
        for (var at = 1; at < page.size(); at++) {
            page.set(at, page.getJsonObject(0));
        }
        return body;
    }
}
