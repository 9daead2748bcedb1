package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import java.util.List;
import java.util.UUID;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.flow.FlowPlatform.Started;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;

/** An outcome that Kafka refused is shown, and sent when a person says so. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class OutboxApiIT {

    private static final String ERROR = "org.apache.kafka.common.errors.RecordTooLargeException: too large";

    @Started
    Flow flow;

    /** As the relay leaves it behind. */
    private String parked(UUID renewal) {
        String id = renewal + ".7";
        flow.update("""
                INSERT INTO outbox (event_id, topic, msg_key, headers, body, parked_at, error)
                VALUES (?, 'cert-delivered', 'www.example.com', jsonb_build_object('ce_id', ?), '{"renewalId":"%s","round":7}',
                        now(), ?)""".formatted(renewal), id, id, ERROR);
        return id;
    }

    private static ValidatableResponse send(String id, String body) {
        return given().contentType("application/json").body(body).post("/v1/outbox/{id}/send", id).then();
    }

    @Test
    void a_parked_outcome_is_shown_and_sent_once_somebody_says_why() {
        UUID renewal = UUID.randomUUID();
        String id = parked(renewal);
        given().get("/v1/outbox/parked").then().statusCode(200).body("eventId", hasItem(id))
                .body("find { it.eventId == '%s' }.error".formatted(id), equalTo(ERROR))
                .body("find { it.eventId == '%s' }.topic".formatted(id), equalTo("cert-delivered"));

        send(id, "{\"reason\":\"the topic takes larger records now\"}").statusCode(202).body("state", equalTo("PENDING"));

        assertThat(flow.topics().await(renewal, 7).headers()).containsEntry("ce_id", id);
        Awaitility.await().atMost(Flow.PATIENCE)
                .until(() -> flow.query("SELECT 1 FROM outbox WHERE event_id = ?", id).isEmpty());
        given().get("/v1/outbox/parked").then().body("eventId", not(hasItem(id)));
        given().get("/v1/audit?renewalId=" + renewal).then().body("action", equalTo(List.of("send")))
                .body("eventId", equalTo(List.of(id))).body("before", equalTo(List.of("PARKED")))
                .body("why", equalTo(List.of("the topic takes larger records now")));
        send(id, "{\"reason\":\"again\"}").statusCode(404).contentType("application/problem+json");
    }

    @Test
    void without_a_reason_nothing_happens() {
        UUID renewal = UUID.randomUUID();
        String id = parked(renewal);

        send(id, "{}").statusCode(400).contentType("application/problem+json");
        send(id, "{\"reason\":\" \"}").statusCode(400).contentType("application/problem+json");
        send("nothing", "{\"reason\":\"tried\"}").statusCode(404).contentType("application/problem+json");

        assertThat(flow.query("SELECT 1 FROM outbox WHERE event_id = ? AND parked_at IS NOT NULL", id)).hasSize(1);
        given().get("/v1/audit?renewalId=" + renewal).then().body("", hasSize(0));
        flow.update("DELETE FROM outbox WHERE event_id = ?", id);
    }

    @Test
    void what_waits_to_be_sent_needs_no_person() {
        String id = UUID.randomUUID() + ".1";
        flow.update("UPDATE duty SET owner = 'a test', until = now() + interval '1 minute' WHERE name = 'relay'");
        flow.update("INSERT INTO outbox (event_id, topic, msg_key, headers) VALUES (?, 'cert-delivered', 'k', '{}')", id);

        send(id, "{\"reason\":\"tried\"}").statusCode(200).body("state", equalTo("PENDING"));

        given().queryParam("limit", 200).get("/v1/audit").then().body("eventId", not(hasItem(id)));
        flow.update("DELETE FROM outbox WHERE event_id = ?", id);
        flow.update("UPDATE duty SET owner = NULL, until = '-infinity' WHERE name = 'relay'");
    }

    @Test
    void pages_go_on_after_the_last_one_shown() {
        var ids = List.of(parked(UUID.randomUUID()), parked(UUID.randomUUID()));

        var first = given().get("/v1/outbox/parked?limit=1").then().statusCode(200).body("", hasSize(1)).extract().jsonPath();
        given().get("/v1/outbox/parked?after=" + first.getLong("[0].seq")).then().statusCode(200)
                .body("eventId", not(hasItem(first.getString("[0].eventId")))).body("eventId", hasItem(ids.get(1)));
        given().get("/v1/outbox/parked?limit=0").then().statusCode(400);

        ids.forEach(id -> flow.update("DELETE FROM outbox WHERE event_id = ?", id));
    }
}
