package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.flow.FlowPlatform.Started;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** What people are told of records that became no renewal. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class RefusalsApiIT {

    private static final String SECRET = "PLANTEDSECRET0815";

    @Started
    Flow flow;

    /** @return the refusal's id */
    private String refused(ProducerRecord<String, byte[]> record) {
        RecordMetadata at = flow.send(record);
        return flow.topics().awaitRefusal(at.partition(), at.offset()).outcome().json().path("refusalId").asText();
    }

    private static ProducerRecord<String, byte[]> record(TestEvent event) {
        return new ProducerRecord<>("cert-renewed", null, event.certificateName(), event.data(), event.headers());
    }

    private static String sha256(byte[] value) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
    }

    @Test
    void a_refusal_tells_where_the_record_lies_and_why_and_nothing_of_it() throws NoSuchAlgorithmException {
        byte[] value = ("{\"certificateName\":\"x\", " + SECRET).getBytes(UTF_8);
        RecordMetadata at = flow.send(new ProducerRecord<>("cert-renewed", "key-" + SECRET, value));
        String id = flow.topics().awaitRefusal(at.partition(), at.offset()).outcome().json().path("refusalId").asText();

        String answer = given().get("/v1/refusals/{id}", id).then().statusCode(200)
                .body("refusalId", equalTo(id)).body("channel", equalTo("kafka")).body("topic", equalTo("cert-renewed"))
                .body("partition", equalTo(at.partition())).body("offset", equalTo((int) at.offset()))
                .body("reasonCode", equalTo("MALFORMED_JSON")).body("phase", equalTo("INTAKE"))
                .body("remedy", equalTo("FIX_EVENT")).body("retryable", equalTo(false))
                .body("help", equalTo("docs/errors.md#malformed-json")).body("sizeBytes", equalTo(value.length))
                .body("sha256", equalTo(sha256(value))).body("certificateName", nullValue())
                .extract().asString();

        assertThat(answer).doesNotContain(SECRET);
    }

    @Test
    void pages_lead_through_the_refusals_of_a_producer_each_once_newest_first() {
        String source = "urn:test:refusals:" + UUID.randomUUID();
        var ids = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            var event = TestEvent.fresh("refused").with("sequence", SECRET).withoutHeader("ce_source").withHeader("ce_source",
                    source);
            ids.add(0, refused(record(event)));
        }

        var seen = new ArrayList<String>();
        String page = "/v1/refusals?limit=1&source=" + source;
        while (page != null) {
            var response = given().urlEncodingEnabled(false).get(page).then().statusCode(200).extract();
            assertThat(response.asString()).doesNotContain(SECRET);
            seen.addAll(response.jsonPath().getList("refusalId", String.class));
            page = Links.next(response.header("Link"));
        }

        assertThat(seen).isEqualTo(ids);
    }

    @Test
    void filters_select_by_reason_channel_and_time() {
        String id = refused(new ProducerRecord<>("cert-renewed", "tombstone", null));
        String at = given().get("/v1/refusals/{id}", id).jsonPath().getString("at");

        given().queryParam("reasonCode", "TOMBSTONE").queryParam("since", at).get("/v1/refusals").then().statusCode(200)
                .body("refusalId", hasItem(id)).body("reasonCode", everyItem(equalTo("TOMBSTONE")))
                .body("sizeBytes", everyItem(equalTo(-1)));
        given().queryParam("reasonCode", "MALFORMED_JSON").get("/v1/refusals").then().body("refusalId", not(hasItem(id)));
        given().queryParam("until", at).get("/v1/refusals").then().statusCode(200).body("refusalId", not(hasItem(id)));
        given().queryParam("channel", "http").queryParam("reasonCode", "TOMBSTONE").get("/v1/refusals").then()
                .statusCode(200).body("", hasSize(0));
    }

    @Test
    void what_cannot_be_answered_is_a_problem() {
        for (String query : List.of("reasonCode=NOTHING", "channel=pigeon", "cursor=abc", "limit=0", "since=yesterday",
                "reason=TOMBSTONE", "certificateName=%00")) {
            given().urlEncodingEnabled(false).get("/v1/refusals?" + query).then().statusCode(400)
                    .contentType("application/problem+json").body("type", equalTo("/problems/bad-parameter"));
        }
        given().get("/v1/refusals/00000000-0000-8000-8000-000000000000").then().statusCode(404)
                .contentType("application/problem+json");
        given().get("/v1/refusals/nonsense").then().statusCode(404).contentType("application/problem+json");
    }
}
