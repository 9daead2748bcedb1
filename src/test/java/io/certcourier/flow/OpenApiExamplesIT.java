package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.certcourier.flow.FlowPlatform.Started;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;

/** Every operation of the service's own description is called as its example says, and answers as its example says. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class OpenApiExamplesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** The client's own encoders know no CloudEvents. */
    private static final RestAssuredConfig CLOUD_EVENTS = RestAssuredConfig.config().encoderConfig(
            EncoderConfig.encoderConfig().encodeContentTypeAs("application/cloudevents+json", ContentType.BINARY)
                    .appendDefaultContentCharsetToContentTypeIfUndefined(false));

    @Started
    Flow flow;

    private final List<String> wrong = new ArrayList<>();

    @AfterEach
    void leave() {
        new ExampleScenes(flow).leave();
    }

    @Test
    void every_operation_takes_and_gives_what_its_example_shows() throws IOException {
        var document = JSON.readTree(given().accept("application/json").get("/openapi?format=json").then().statusCode(200)
                .extract().asString());

        int executed = 0;
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                execute(operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue());
                executed++;
            }
        }

        assertThat(executed).as("operations").isPositive();
        assertThat(wrong).isEmpty();
    }

    private void execute(String method, String path, JsonNode operation) throws IOException {
        String name = operation.get("operationId").asText();
        var answers = promised(operation);
        if (answers.isEmpty()) {
            wrong.add(name + " has no example of its answer");
        }
        for (Map.Entry<String, JsonNode> answer : answers.entrySet()) {
            if (!operation.has("requestBody")) {
                compare(name, answer, send(method, path, operation, null, null));
                continue;
            }
            for (Map.Entry<String, JsonNode> body : operation.at("/requestBody/content").properties()) {
                var example = example(body.getValue());
                if (example.isMissingNode()) {
                    wrong.add(name + " has no example of its " + body.getKey());
                } else {
                    compare(name, answer, send(method, path, operation, body.getKey(), example));
                }
            }
        }
    }

    /** The examples of answers that tell of success, by status. */
    private static Map<String, JsonNode> promised(JsonNode operation) {
        var found = new TreeMap<String, JsonNode>();
        operation.get("responses").properties().forEach(response -> {
            var example = example(response.getValue().at("/content/application~1json"));
            if (response.getKey().startsWith("2") && !example.isMissingNode()) {
                found.put(response.getKey(), example);
            }
        });
        return found;
    }

    private static JsonNode example(JsonNode media) {
        var named = media.path("examples").elements();
        return named.hasNext() ? named.next().path("value") : media.path("example");
    }

    /** @param type null for a request without a body */
    private Response send(String method, String path, JsonNode operation, String type, JsonNode body) throws IOException {
        var target = new ExampleScenes(flow).before(operation.get("operationId").asText());
        String name = Flow.freshName("example");
        var request = given().config(CLOUD_EVENTS).queryParams(target.query());
        for (JsonNode parameter : operation.path("parameters")) {
            String header = parameter.get("name").asText();
            if (header.equals("If-Match")) {
                request.header(header, "*");
            } else if (parameter.get("in").asText().equals("header") && !"application/cloudevents+json".equals(type)) {
                request.header(header, parameter.get("example").asText().replace("www.example.com", name));
            }
        }
        if (type != null) {
            request.contentType(type).body(filled(body, name).getBytes(UTF_8));
        }
        String uri = target.path() == null ? path : path.replaceFirst("\\{[^}]+}", target.path().toString());
        return request.request(method, uri);
    }

    /** With a certificate and an account that exist. */
    private String filled(JsonNode body, String name) throws IOException {
        var certificate = Flow.CA.issue(name);
        String text = body.isTextual() ? body.asText() : JSON.writeValueAsString(body);
        String pem = JSON.writeValueAsString(certificate.leafPem() + certificate.chainPem());
        return text.replace("www.example.com", name).replace("\"production\"", "\"" + Platform.FRAGILE + "\"")
                .replace("\"<leaf and chain, PEM>\"", pem)
                .replace("<compact JWE>", flow.platform().recipient().encrypt(certificate.keyPem()));
    }

    private void compare(String name, Map.Entry<String, JsonNode> promised, Response response) throws IOException {
        String body = response.asString();
        if (response.statusCode() != Integer.parseInt(promised.getKey())) {
            wrong.add(name + " was answered " + response.statusCode() + ": " + body);
            return;
        }
        var differences = JsonShape.differences(promised.getValue(), JSON.readTree(body));
        if (!differences.isEmpty()) {
            wrong.add(name + ": " + differences + " in " + body);
        }
        if (body.contains("PRIVATE KEY")) {
            wrong.add(name + " tells a key");
        }
    }
}
