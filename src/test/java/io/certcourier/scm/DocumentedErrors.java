package io.certcourier.scm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.certcourier.scm.ScmFailure.Consequence;

/** scm/errors.json as a reader of the catalogue needs it. What happens is not read there but asked of {@link ScmErrors}. */
public final class DocumentedErrors {

    private static final Path FILE = Path.of("src/main/resources/scm/errors.json");
    private static final Set<String> OURS = Arrays.stream(ScmOperation.values()).map(ScmOperation::label)
            .collect(Collectors.toSet());
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final ScmErrors ERRORS = new ScmErrors();

    private DocumentedErrors() {
    }

    /**
     * @param code SCM's or the gateway's, or words for what happened if none came
     * @param http statuses such as "400" or "5xx"
     * @param operations of ours, or "all"
     * @param few true if it is tried a few times only
     * @param refined true if text or status can say more
     */
    public record DocumentedError(String code, String http, String operations, String reasonCode, String meaning,
            Consequence consequence, boolean concernsTarget, boolean few, boolean refined) {
    }

    /** Codes that an operation of ours can meet, in the order of the file. */
    public static List<DocumentedError> listed() {
        return rows("errors").stream().filter(row -> !operations(row).isEmpty()).map(row -> {
            String code = row.get("code").asText();
            int status = row.get("http").isEmpty() ? 400 : row.get("http").get(0).asInt();
            return answered(code, row, status, "{\"error_code\":\"" + code + "\",\"error_msg\":\"\"}");
        }).toList();
    }

    /** What the status decides. */
    public static List<DocumentedError> unlisted() {
        return rows("fallback").stream().filter(row -> !operations(row).isEmpty() && !row.path("bodyUnusable").asBoolean())
                .map(row -> answered("", row, Integer.parseInt(row.get("http").get(0).asText().replace("xx", "77")), ""))
                .toList();
    }

    /** Network faults, and successes that lack what matters. */
    public static List<DocumentedError> withoutAnswer() {
        var found = new ArrayList<DocumentedError>();
        for (JsonNode row : rows("transport")) {
            found.add(told(row.get("event").asText(), row, failureOf(row), false));
        }
        var unusable = ERRORS.unusable(ScmOperation.IMPORT, reply(200, ""));
        rows("fallback").stream().filter(row -> row.path("bodyUnusable").asBoolean())
                .forEach(row -> found.add(told("2xx without its content: " + operations(row), row, unusable, false)));
        rows("insideSuccess").stream().filter(row -> OURS.contains(row.get("operation").asText())).forEach(row -> found.add(
                told("2xx, " + row.get("test").asText(), row, row.get("kind").asText().equals("batch-push-missing")
                        ? ERRORS.missingInBatch(reply(200, ""))
                        : ERRORS.refusedInBatch(reply(200, ""), null), true)));
        return found;
    }

    private static DocumentedError answered(String code, JsonNode row, int status, String body) {
        String any = operations(row);
        var operation = Arrays.stream(ScmOperation.values())
                .filter(each -> any.equals("all") || List.of(any.split(", ")).contains(each.label())).findFirst().orElseThrow();
        var refusal = ERRORS.refusal(operation, reply(status, body), NOW);
        return told(code, row, refusal.failure(), refusal.concernsTarget());
    }

    private static ScmFailure failureOf(JsonNode row) {
        String kind = row.get("kind").asText();
        if (kind.startsWith("credentials-")) {
            return ERRORS.withheld(ScmOperation.IMPORT, kind);
        }
        var failure = switch (kind) {
            case "not-sent" -> new java.net.ConnectException();
            case "tls-refused" -> new javax.net.ssl.SSLHandshakeException("refused");
            case "deadline" -> new java.util.concurrent.TimeoutException();
            default -> new IOException();
        };
        return ERRORS.transport(ScmOperation.IMPORT, failure);
    }

    private static DocumentedError told(String code, JsonNode row, ScmFailure failure, boolean concernsTarget) {
        boolean few = failure instanceof ScmFailure.NotDone notDone && notDone.few()
                || failure instanceof ScmFailure.Unavailable unavailable && unavailable.few();
        return new DocumentedError(code, texts(row.path("http")), operations(row), row.get("reasonCode").asText(),
                row.get("meaning").asText(), failure.consequence(), concernsTarget, few, row.has("when"));
    }

    /** Those of ours; "all" where the row does not tell them apart. */
    private static String operations(JsonNode row) {
        if (!row.has("operations") || texts(row.get("operations")).equals("*")) {
            return "all";
        }
        return StreamSupport.stream(row.get("operations").spliterator(), false).map(JsonNode::asText).filter(OURS::contains)
                .collect(Collectors.joining(", "));
    }

    private static String texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining(", "));
    }

    private static ScmReply reply(int status, String body) {
        return new ScmReply(status, body.getBytes(UTF_8), null, Optional.empty(), Optional.empty());
    }

    private static List<JsonNode> rows(String section) {
        try {
            var rows = new ArrayList<JsonNode>();
            new ObjectMapper().readTree(Files.readString(FILE)).get(section).forEach(rows::add);
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
