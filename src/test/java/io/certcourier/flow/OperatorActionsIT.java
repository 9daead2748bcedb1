package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;

import java.util.Map;
import java.util.UUID;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.flow.FlowPlatform.Started;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;
import io.certcourier.local.scm.Operation;
import io.certcourier.local.scm.Service;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;

/** What a person may do, without touching the database. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class OperatorActionsIT {

    private static final String WHY = "{\"reason\":\"tried by a test\"}";

    @Started
    Flow flow;

    @AfterEach
    void heal() {
        flow.scm().faults().clear();
        flow.scm().account().permitAll();
    }

    private static ValidatableResponse act(UUID renewal, String action) {
        return act(renewal, action, WHY);
    }

    private static ValidatableResponse act(UUID renewal, String action, String body) {
        return given().contentType("application/json").header("If-Match", "*").body(body)
                .post("/v1/renewals/{id}/{action}", renewal, action).then();
    }

    private static ValidatableResponse onAccount(String action) {
        return given().contentType("application/json").body(WHY).post("/v1/accounts/{name}/{action}", Platform.FRAGILE, action)
                .then();
    }

    private void await(UUID renewal, String state) {
        Awaitility.await().atMost(Flow.PATIENCE).untilAsserted(() -> assertThat(flow.state(renewal)).isEqualTo(state));
    }

    @Test
    void a_partial_renewal_is_continued_where_it_is_missing() {
        var event = TestEvent.fresh("retried");
        flow.scm().faults().add(Fault.of(FaultKind.STATUS).on(Operation.BATCH_PUSH).target(Service.ELB, null).times(0)
                .with("status", 400).with("code", "SCM.0201").with("message", "ELB error message: not wanted"));
        flow.send(event);
        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("PARTIAL");
        flow.scm().faults().clear();
        long calls = flow.ledger().entries().size();

        act(event.renewalId(), "retry").statusCode(202).body("round", equalTo(2));

        await(event.renewalId(), "SUCCEEDED");
        assertThat(flow.ledger().entries().stream().skip(calls).map(call -> call.operation() + " " + call.service()))
                .containsExactly("BATCH_PUSH ELB");
        Awaitility.await().atMost(Flow.PATIENCE).untilAsserted(() -> assertThat(flow.topics().all())
                .anyMatch(told -> (event.renewalId() + ".2").equals(told.headers().get("ce_id"))
                        && told.outcome().equals("SUCCEEDED")));
        given().get("/v1/audit?renewalId=" + event.renewalId()).then().body("action", hasItem("retry"))
                .body("before", hasItem("PARTIAL")).body("why", hasItem("tried by a test")).body("actor", hasItem("anonymous"));
        act(event.renewalId(), "retry").statusCode(409).body("type", equalTo("/problems/ended"));
    }

    @Test
    void an_old_renewal_is_not_retried_over_a_newer_one() {
        String name = Flow.freshName("overtaken");
        flow.scm().faults().add(Fault.of(FaultKind.STATUS).on(Operation.BATCH_PUSH).target(Service.ELB, null).times(1)
                .with("status", 400).with("code", "SCM.0201").with("message", "ELB error message: not wanted"));
        var older = TestEvent.of(name, Flow.CA.issue(name)).with("sequence", 1);
        var newer = TestEvent.of(name, Flow.CA.issue(name)).with("sequence", 2);
        flow.send(older);
        assertThat(flow.topics().await(older.renewalId()).outcome()).isEqualTo("PARTIAL");
        flow.send(newer);
        assertThat(flow.topics().await(newer.renewalId()).outcome()).isEqualTo("SUCCEEDED");

        act(older.renewalId(), "retry").statusCode(409).body("type", equalTo("/problems/newer-renewal"));

        assertThat(flow.state(older.renewalId())).isEqualTo("PARTIAL");
    }

    @Test
    void a_renewal_without_a_certificate_in_scm_needs_an_event() {
        var event = TestEvent.fresh("hopeless");
        flow.scm().faults().add(Fault.of(FaultKind.STATUS).on(Operation.IMPORT).with("status", 400).with("code", "SCM.0014")
                .with("message", "no match"));
        flow.send(event);
        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("FAILED");

        act(event.renewalId(), "retry").statusCode(409).body("type", equalTo("/problems/event-needed"));
    }

    @Test
    void a_hold_takes_effect_behind_the_call_in_flight_and_a_release_goes_on() {
        var event = TestEvent.fresh("held");
        flow.scm().faults().add(Fault.of(FaultKind.LATENCY).on(Operation.IMPORT).with("millis", 1500));
        flow.send(event);
        await(event.renewalId(), "IMPORTING");

        act(event.renewalId(), "hold").statusCode(202);

        await(event.renewalId(), "HELD");
        var row = flow.query("SELECT hold, held_from, scm_certificate_id, stop FROM renewal WHERE id = ?", event.renewalId())
                .get(0);
        assertThat(row).containsEntry("hold", "OPERATOR").containsEntry("held_from", "CONFIRMING").containsEntry("stop", null);
        assertThat(row.get("scm_certificate_id")).as("what the call in flight brought").isNotNull();
        act(event.renewalId(), "hold").statusCode(200);
        act(event.renewalId(), "release").statusCode(202);
        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
        assertThat(flow.query("SELECT action FROM audit WHERE renewal = ? ORDER BY id", event.renewalId()))
                .containsExactly(Map.of("action", "hold"), Map.of("action", "release"));
    }

    @Test
    void a_hold_wish_outlives_its_owner() {
        var event = TestEvent.fresh("orphaned");
        holdAtTheAccount(event);
        flow.update(
                """
                        UPDATE renewal SET state = 'IMPORTING', held_from = NULL, hold = NULL, stop = 'HELD', lease_owner = 'somebody-dead',
                               lease_until = now() - interval '1 minute', next_at = now() - interval '1 minute' WHERE id = ?""",
                event.renewalId());

        await(event.renewalId(), "HELD");

        assertThat(flow.query("SELECT hold, held_from FROM renewal WHERE id = ?", event.renewalId()).get(0))
                .containsEntry("hold", "OPERATOR").containsEntry("held_from", "RESOLVING");
        act(event.renewalId(), "cancel").statusCode(202);
        onAccount("resume");
    }

    /** Accepted, and not called for: the account is paused. */
    private void holdAtTheAccount(TestEvent event) {
        onAccount("pause").statusCode(202).body("breaker", equalTo("PAUSED"));
        flow.send(event.with("account", Platform.FRAGILE));
        await(event.renewalId(), "READY");
    }

    @Test
    void a_paused_account_is_not_called_and_a_resumed_one_goes_on() {
        var event = TestEvent.fresh("paused");
        holdAtTheAccount(event);
        onAccount("pause").statusCode(200);
        given().get("/v1/accounts").then().statusCode(200).body("account", hasItems("default", Platform.FRAGILE))
                .body("find { it.account == 'fragile' }.budgets.import.configured", equalTo(60000.0f));

        onAccount("resume").statusCode(202);

        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
        given().get("/v1/audit").then().body("action", hasItems("pause", "resume"));
    }

    @Test
    void a_cancelled_renewal_ends_and_tells() {
        var event = TestEvent.fresh("cancelled");
        holdAtTheAccount(event);

        act(event.renewalId(), "cancel").statusCode(202).body("state", equalTo("CANCELLED"));

        var outcome = flow.topics().await(event.renewalId());
        assertThat(OutcomeSchema.problems(outcome)).isEmpty();
        assertThat(outcome.reasonCode()).isEqualTo("CANCELLED_BY_OPERATOR");
        assertThat(flow.query("SELECT 1 FROM renewal_key WHERE renewal = ?", event.renewalId())).isEmpty();
        act(event.renewalId(), "cancel").statusCode(200);
        act(event.renewalId(), "hold").statusCode(409);
        onAccount("resume");
    }

    @Test
    void an_unclear_import_is_resolved_by_hand() {
        var event = TestEvent.fresh("unclear");
        var other = TestEvent.fresh("other");
        flow.send(other);
        flow.topics().await(other.renewalId());
        flow.scm().faults().add(Fault.of(FaultKind.LATENCY).on(Operation.IMPORT).with("millis", 1500));
        flow.send(event);
        await(event.renewalId(), "IMPORTING");
        act(event.renewalId(), "resolve", "{\"reason\":\"x\",\"notImported\":true}").statusCode(409);
        act(event.renewalId(), "hold").statusCode(202);
        await(event.renewalId(), "HELD");
        flow.update("UPDATE renewal SET held_from = 'RESOLVING', hold = 'UNCLEAR', scm_certificate_id = NULL WHERE id = ?",
                event.renewalId());

        act(event.renewalId(), "resolve", "{\"reason\":\"x\",\"certificateId\":\"%s\"}".formatted(scmId(other.renewalId())))
                .statusCode(409).body("type", equalTo("/problems/not-this-certificate"));
        act(event.renewalId(), "resolve", "{\"reason\":\"x\"}").statusCode(400);
        act(event.renewalId(), "resolve", "{\"reason\":\"x\",\"certificateId\":\"%s\"}".formatted(ledgerId(event)))
                .statusCode(202);

        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
    }

    private String scmId(UUID renewal) {
        return (String) flow.query("SELECT scm_certificate_id FROM renewal WHERE id = ?", renewal).get(0)
                .get("scm_certificate_id");
    }

    private String ledgerId(TestEvent event) {
        String name = (String) flow.query("SELECT scm_name FROM renewal WHERE id = ?", event.renewalId()).get(0)
                .get("scm_name");
        return flow.ledger().entries().stream().filter(call -> call.certificateName().equals(name))
                .flatMap(call -> call.effects().stream()).findFirst().orElseThrow().id();
    }

    @Test
    void an_action_names_the_state_it_was_decided_on() {
        var event = TestEvent.fresh("etag");
        flow.send(event);
        flow.topics().await(event.renewalId());
        var request = given().contentType("application/json").body(WHY);

        request.post("/v1/renewals/{id}/hold", event.renewalId()).then().statusCode(428)
                .contentType("application/problem+json");
        given().contentType("application/json").body(WHY).header("If-Match", "\"0\"")
                .post("/v1/renewals/{id}/cancel", event.renewalId()).then().statusCode(412);
        given().contentType("application/json").body("{\"reason\":\"\"}").header("If-Match", "*")
                .post("/v1/renewals/{id}/cancel", event.renewalId()).then().statusCode(400);
        act(UUID.randomUUID(), "hold").statusCode(404).contentType("application/problem+json");
        given().contentType("application/json").body(WHY).post("/v1/accounts/nobody/pause").then().statusCode(404);
    }
}
