package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.flow.FlowPlatform.Started;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

/** An event by HTTP is the same renewal as by Kafka; what is refused is told to its sender, and nothing of its content. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class HttpIntakeIT {

    private static final String SECRET = "PLANTEDSECRET9922";

    /** The client's own encoders know no CloudEvents. */
    private static final RestAssuredConfig CLOUD_EVENTS = RestAssuredConfig.config()
            .encoderConfig(EncoderConfig.encoderConfig().encodeContentTypeAs("application/cloudevents+json", ContentType.BINARY)
                    .encodeContentTypeAs("application/cloudevents-batch+json", ContentType.BINARY));

    @Started
    Flow flow;

    private static RequestSpecification data(TestEvent event) {
        return given().contentType("application/json").body(event.data());
    }

    /** CloudEvents binary mode. */
    private static RequestSpecification binary(TestEvent event) {
        return data(event).header("ce-specversion", "1.0").header("ce-type", "io.certcourier.certificate.renewed.v1")
                .header("ce-source", event.source()).header("ce-id", event.id());
    }

    private static RequestSpecification structured(TestEvent event) {
        String envelope = "{\"specversion\":\"1.0\",\"type\":\"io.certcourier.certificate.renewed.v1\",\"source\":\""
                + event.source() + "\",\"id\":\"" + event.id() + "\",\"data\":" + new String(event.data(), UTF_8) + "}";
        return given().config(CLOUD_EVENTS).contentType("application/cloudevents+json; charset=utf-8")
                .body(envelope.getBytes(UTF_8));
    }

    private static ValidatableResponse post(RequestSpecification request) {
        return request.post("/v1/renewals").then();
    }

    @Test
    void an_event_in_binary_mode_is_taken_delivered_and_known_when_it_comes_again() {
        var event = TestEvent.fresh("http-binary");

        post(binary(event)).statusCode(202).header("Location", equalTo("/v1/renewals/" + event.renewalId()))
                .header("ETag", notNullValue()).body("renewalId", equalTo(event.renewalId().toString()))
                .body("origin.channel", equalTo("http")).body("origin.topic", nullValue());

        var outcome = flow.topics().await(event.renewalId());
        assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
        assertThat(OutcomeSchema.problems(outcome)).isEmpty();
        assertThat(outcome.json().path("origin").path("channel").asText()).isEqualTo("http");
        post(binary(event)).statusCode(200).body("state", equalTo("SUCCEEDED")).body("round", equalTo(1));
        assertThat(flow.ledger().created(outcome.json().path("scm").path("name").asText())).hasSize(1);
    }

    @Test
    void a_record_of_the_topic_and_a_request_are_one_renewal() {
        var event = TestEvent.fresh("http-both");
        flow.send(event);
        flow.topics().await(event.renewalId());

        post(binary(event)).statusCode(200).body("renewalId", equalTo(event.renewalId().toString()))
                .body("origin.channel", equalTo("kafka"));
        post(structured(event)).statusCode(200);
        post(binary(event.with("targets", TestEvent.targets("CDN")))).statusCode(422)
                .body("reasonCode", equalTo("IDEMPOTENCY_CONFLICT")).body("remedy", equalTo("FIX_EVENT"));
        assertThat(flow.topics().of(event.renewalId())).hasSize(1);
    }

    @Test
    void a_caller_can_wait_for_the_outcome() {
        var event = TestEvent.fresh("http-wait");

        post(structured(event).queryParam("wait", "30s")).statusCode(200).body("state", equalTo("SUCCEEDED"))
                .body("endedAt", notNullValue());

        post(binary(TestEvent.fresh("http-wait")).queryParam("wait", "31s")).statusCode(400)
                .body("errors[0].parameter", equalTo("wait"));
        post(binary(TestEvent.fresh("http-wait")).queryParam("wait", "soon")).statusCode(400);
    }

    @Test
    void a_wait_that_is_too_short_is_answered_with_what_there_is() {
        var event = TestEvent.fresh("http-short").with("account", Platform.FRAGILE);
        given().contentType("application/json").body("{\"reason\":\"tried\"}")
                .post("/v1/accounts/{name}/pause", Platform.FRAGILE).then().statusCode(202);

        post(binary(event).queryParam("wait", "1s")).statusCode(202).body("endedAt", nullValue());

        given().contentType("application/json").body("{\"reason\":\"tried\"}")
                .post("/v1/accounts/{name}/resume", Platform.FRAGILE).then().statusCode(202);
        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
    }

    @Test
    void data_without_an_envelope_is_known_by_its_idempotency_key() {
        var event = TestEvent.fresh("http-data");
        String key = "key-" + UUID.randomUUID();
        var renewal = Flow.renewalId("urn:certcourier:http:anonymous", key);

        post(data(event).header("Idempotency-Key", key)).statusCode(202).body("renewalId", equalTo(renewal.toString()))
                .body("origin.idempotencyKey", equalTo(key)).body("origin.id", startsWith("sha256:"));

        assertThat(flow.topics().await(renewal).outcome()).isEqualTo("SUCCEEDED");
        post(data(event).header("Idempotency-Key", key)).statusCode(200);
        post(data(event.with("idempotencyKey", "another")).header("Idempotency-Key", key)).statusCode(400)
                .body("reasonCode", equalTo("ENVELOPE_INVALID"));
        post(data(event)).statusCode(400).body("detail", containsString("Idempotency-Key"));
        post(data(event).header("Idempotency-Key", "two words")).statusCode(400);
    }

    private static Map<String, RequestSpecification> unreadable(TestEvent good) {
        var requests = new LinkedHashMap<String, RequestSpecification>();
        requests.put("400 MALFORMED_JSON", given().contentType("application/json").header("Idempotency-Key", "k")
                .body(("{\"a\":" + SECRET).getBytes(UTF_8)));
        requests.put("400 MALFORMED_JSON empty", given().contentType("application/json").header("Idempotency-Key", "k")
                .body(new byte[0]));
        requests.put("400 ENVELOPE_INVALID", data(good).header("ce-id", SECRET));
        requests.put("400 ENVELOPE_INVALID percent", binary(good).header("ce-time", "%zz" + SECRET));
        requests.put("400 ENVELOPE_INVALID twice", binary(good).header("ce-id", SECRET));
        requests.put("400 UNSUPPORTED_TYPE", data(good).header("ce-specversion", "1.0").header("ce-id", "1")
                .header("ce-source", "urn:x").header("ce-type", "io.certcourier.certificate.renewed.v9"));
        requests.put("422 SCHEMA_VIOLATION", binary(good.with("sequence", SECRET)));
        requests.put("413 PAYLOAD_TOO_LARGE", binary(good.with("reason", "x".repeat(70_000))));
        return requests;
    }

    @Test
    void what_is_no_event_is_refused_with_a_problem_and_kept_without_its_content() {
        var refusals = new ArrayList<String>();
        unreadable(TestEvent.fresh("http-bad")).forEach((expected, request) -> {
            String[] parts = expected.split(" ");

            var answer = post(request).statusCode(Integer.parseInt(parts[0])).contentType("application/problem+json")
                    .body("reasonCode", equalTo(parts[1])).body("help", containsString("docs/errors.md#"))
                    .body("instance", startsWith("/v1/refusals/")).extract();

            assertThat(answer.asString()).doesNotContain(SECRET);
            String kept = given().get(answer.jsonPath().getString("instance")).then().statusCode(200)
                    .body("channel", equalTo("http")).body("topic", nullValue()).body("offset", nullValue())
                    .body("reasonCode", equalTo(parts[1])).extract().asString();
            assertThat(kept).doesNotContain("BEGIN");
            refusals.add(answer.jsonPath().getString("instance").substring("/v1/refusals/".length()));
        });
        assertThat(flow.topics().all()).as("neither outcome nor dead letter")
                .noneMatch(told -> refusals.stream().anyMatch(told.headers().toString()::contains));
    }

    @Test
    void what_no_renewal_can_be_made_of_is_a_rejected_renewal_as_by_kafka() {
        var good = TestEvent.fresh("http-rejected");
        var mismatch = good.with("privateKeyPem", Flow.CA.issue("other.example.com").keyPem());

        post(binary(mismatch)).statusCode(422).body("type", equalTo("/problems/key-mismatch"))
                .body("remedy", equalTo("FIX_CERTIFICATE")).body("instance", equalTo("/v1/renewals/" + good.renewalId()));

        var outcome = flow.topics().await(good.renewalId());
        assertThat(outcome.outcome()).isEqualTo("REJECTED");
        assertThat(outcome.reasonCode()).isEqualTo("KEY_MISMATCH");
        post(binary(good.withId(UUID.randomUUID().toString()).with("account", "nobody"))).statusCode(422)
                .body("reasonCode", equalTo("ACCOUNT_UNKNOWN"));
        // corrected and sent again, it is a new round of the same renewal
        post(binary(good).queryParam("wait", "30s")).statusCode(200).body("state", equalTo("SUCCEEDED"))
                .body("round", equalTo(2));
    }

    @Test
    void another_media_type_is_not_read() {
        for (String type : List.of("text/plain", "application/xml", "application/cloudevents-batch+json")) {
            given().config(CLOUD_EVENTS).contentType(type).body(SECRET.getBytes(UTF_8)).post("/v1/renewals").then()
                    .statusCode(415)
                    .contentType("application/problem+json").body(not(containsString(SECRET)));
        }
    }

    @Test
    void a_plan_tells_targets_and_calls_and_stores_nothing() {
        var event = TestEvent.fresh("http-plan");

        given().spec(binary(event)).post("/v1/plans").then().statusCode(200).body("state", equalTo("READY"))
                .body("duplicate", equalTo(false)).body("certificateName", equalTo(event.certificateName()))
                .body("certificate.fingerprintSha256", notNullValue()).body("targets.state", hasSize(3))
                .body("calls.operation", equalTo(List.of("import", "list", "push", "batch-push", "batch-push")))
                .body("calls[3].service", equalTo("ELB")).body("calls[3].projects", equalTo(List.of("cn-north-4")))
                .body(not(containsString("BEGIN")));

        assertThat(flow.state(event.renewalId())).isNull();
        assertThat(flow.query("SELECT 1 FROM subject WHERE certificate_name = ?", event.certificateName())).isEmpty();
        assertThat(flow.query("SELECT 1 FROM renewal_key WHERE renewal = ?", event.renewalId())).isEmpty();
        post(binary(event).queryParam("wait", "30s")).statusCode(200).body("state", equalTo("SUCCEEDED"));
        given().spec(binary(event)).post("/v1/plans").then().statusCode(200).body("duplicate", equalTo(true))
                .body("state", equalTo("SUCCEEDED")).body("calls", hasSize(0));
        given().spec(binary(event.withId(UUID.randomUUID().toString()))).post("/v1/plans").then().statusCode(200)
                .body("state", equalTo("UNCHANGED")).body("calls", hasSize(0));
    }

    @Test
    void a_plan_of_what_would_be_refused_says_why_and_keeps_no_refusal() {
        var bad = TestEvent.fresh("http-plan-bad").with("targets", TestEvent.targets("ELB@cn-east-3"));
        long refusals = flow.query("SELECT 1 FROM refusal").size();

        given().spec(binary(bad)).post("/v1/plans").then().statusCode(422)
                .body("reasonCode", equalTo("TARGET_NOT_ALLOWED")).body("instance", nullValue());
        given().spec(binary(bad.with("sequence", SECRET))).post("/v1/plans").then().statusCode(422)
                .body("reasonCode", equalTo("SCHEMA_VIOLATION")).body(not(containsString(SECRET)));

        assertThat(flow.query("SELECT 1 FROM refusal")).hasSize((int) refusals);
        assertThat(flow.state(bad.renewalId())).isNull();
    }
}
