package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.util.List;
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

/** A person in a hurry breaks no promise: neither the order of two certificates, nor what is known of lost calls. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class OperatorHasteIT {

    private static final String WHY = "{\"reason\":\"tried by a test\"}";

    @Started
    Flow flow;

    @AfterEach
    void heal() {
        flow.scm().faults().clear();
        flow.update("UPDATE account SET breaker = 'CLOSED' WHERE account = 'default'");
        flow.update(
                "UPDATE rate_bucket SET per_minute = configured * 60 / 61, burst = configured / 40 WHERE account = 'default' AND operation = 'import'");
    }

    private static ValidatableResponse act(UUID renewal, String action, String body) {
        return given().contentType("application/json").header("If-Match", "*").body(body)
                .post("/v1/renewals/{id}/{action}", renewal, action).then();
    }

    private static ValidatableResponse account(String action) {
        return given().contentType("application/json").body(WHY).post("/v1/accounts/default/{action}", action).then();
    }

    private void await(UUID renewal, String state) {
        Awaitility.await().atMost(Flow.PATIENCE).untilAsserted(() -> assertThat(flow.state(renewal)).isEqualTo(state));
    }

    /** The next of a certificate name whose predecessor's last call may still act for a while. */
    private UUID behindALostCall(String story) {
        var first = TestEvent.fresh(story);
        flow.send(first);
        flow.topics().await(first.renewalId());
        flow.update("UPDATE subject SET quiet_until = now() + interval '1 minute' WHERE certificate_name = ?",
                first.certificateName());
        var next = TestEvent.of(first.certificateName(), Flow.CA.issue(first.certificateName()));
        flow.send(next);
        await(next.renewalId(), "READY");
        assertThat(waitsForTheLostCall(next.renewalId())).isTrue();
        return next.renewalId();
    }

    private boolean waitsForTheLostCall(UUID renewal) {
        return !flow.query("SELECT 1 FROM renewal WHERE id = ? AND state = 'READY' AND next_at > now() + interval '40 s'",
                renewal).isEmpty();
    }

    @Test
    void a_retry_does_not_overtake_the_lost_call_of_a_predecessor() {
        var renewal = behindALostCall("hasty-retry");

        act(renewal, "retry", WHY).statusCode(200);

        assertThat(waitsForTheLostCall(renewal)).isTrue();
    }

    @Test
    void nor_does_a_hold_that_is_released() {
        var renewal = behindALostCall("hasty-release");

        act(renewal, "hold", WHY).statusCode(202);
        act(renewal, "release", WHY).statusCode(202);

        assertThat(waitsForTheLostCall(renewal)).isTrue();
    }

    @Test
    void an_import_is_not_repeated_while_a_lost_owner_may_still_make_it() {
        account("pause");
        var event = TestEvent.fresh("hasty-resolve");
        flow.send(event);
        await(event.renewalId(), "READY");
        flow.update("""
                UPDATE renewal SET state = 'HELD', held_from = 'RESOLVING', hold = 'OPERATOR', unknowns = 1,
                       lease_until = now() + interval '50 s', next_at = 'infinity' WHERE id = ?""", event.renewalId());

        act(event.renewalId(), "resolve", "{\"reason\":\"not there\",\"notImported\":true}").statusCode(202);

        assertThat(waitsForTheLostCall(event.renewalId())).isTrue();
    }

    @Test
    void a_push_whose_answer_was_lost_before_the_retry_may_have_made_a_copy() {
        var event = TestEvent.fresh("second-copy");
        flow.scm().faults().add(Fault.of(FaultKind.LOST_HANG).on(Operation.BATCH_PUSH).target(Service.ELB, null));
        flow.send(event);
        Awaitility.await().atMost(Flow.PATIENCE)
                .until(() -> !flow
                        .query("SELECT 1 FROM renewal_target WHERE renewal = ? AND service = 'ELB' AND state = 'SENT'",
                                event.renewalId())
                        .isEmpty());
        act(event.renewalId(), "cancel", WHY).statusCode(202);
        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("CANCELLED");

        act(event.renewalId(), "retry", WHY).statusCode(202);

        var targets = flow.topics().await(event.renewalId(), 2).json().path("targets");
        assertThat(targets).filteredOn(target -> target.path("service").asText().equals("ELB"))
                .singleElement().satisfies(elb -> {
                    assertThat(elb.path("secondCopyPossible").asBoolean()).isTrue();
                    assertThat(elb.path("unchanged").asBoolean()).isFalse();
                });
    }

    @Test
    void a_paused_account_is_not_called_to_resolve_an_import_either() {
        account("pause");
        var event = TestEvent.fresh("paused-resolve");
        flow.send(event);
        await(event.renewalId(), "READY");
        flow.update(
                "UPDATE renewal SET state = 'HELD', held_from = 'RESOLVING', hold = 'UNCLEAR', next_at = 'infinity' WHERE id = ?",
                event.renewalId());
        long shown = flow.ledger().entries().stream().filter(call -> call.operation() == Operation.SHOW).count();

        act(event.renewalId(), "resolve", "{\"reason\":\"it is there\",\"certificateId\":\"scs0000000000000\"}").statusCode(409)
                .body("type", equalTo("/problems/account-not-called"));

        assertThat(flow.ledger().entries().stream().filter(call -> call.operation() == Operation.SHOW)).hasSize((int) shown);
    }

    /** Sixteen call; the others that were claimed with them would have called up to three seconds later. */
    @Test
    void a_pause_is_heard_by_steps_that_wait_for_their_turn_to_call() {
        var first = TestEvent.fresh("proves-the-account");
        flow.send(first);
        flow.topics().await(first.renewalId());
        flow.update(
                "UPDATE rate_bucket SET per_minute = 60, burst = 50, tokens = 50 WHERE account = 'default' AND operation = 'import'");
        flow.scm().faults().add(Fault.of(FaultKind.LATENCY).on(Operation.IMPORT).with("millis", 3000));
        long before = imports();
        for (int i = 0; i < 40; i++) {
            flow.send(TestEvent.fresh("turn-" + i));
        }
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> imports() == before + 16);

        account("pause").statusCode(202);

        Awaitility.await().atMost(Flow.PATIENCE)
                .until(() -> flow.query("SELECT 1 FROM renewal WHERE state = 'IMPORTING'").isEmpty());
        assertThat(imports()).isEqualTo(before + 16);
        assertThat(flow.query("SELECT 1 FROM attempt WHERE operation = 'import' AND outcome = 'NOT_SENT'")).isNotEmpty();
        assertThat(flow.query(
                "SELECT 1 FROM rate_bucket b WHERE account = 'default' AND operation = 'import' AND tokens_now(b) BETWEEN 34 AND 38"))
                .as("tokens of calls that were not made are back").hasSize(1);
    }

    private long imports() {
        return flow.ledger().entries().stream().filter(call -> call.operation() == Operation.IMPORT).count();
    }

    @Test
    void a_body_that_cannot_be_used_is_a_problem_and_is_not_repeated() {
        account("pause");
        var event = TestEvent.fresh("bad-body");
        flow.send(event);
        await(event.renewalId(), "READY");

        for (String body : List.of("{\"notImported\":true,\"reason\":\"a\\u0000b\"}",
                "{\"notImported\":true,\"reason\":\"a\\nb\"}", "{\"notImported\":true,\"reason\":\"\\ud800\"}",
                "{\"reason\":\"x\",\"notImported\":\"secret-text\"}", "{\"reason\":", "[\"secret-text\"]",
                "{\"reason\":{\"secret-text\":1}}", "\"secret-text\"", "")) {
            String answer = act(event.renewalId(), "resolve", body).statusCode(400).contentType("application/problem+json")
                    .extract().asString();
            assertThat(answer).doesNotContain("secret-text");
        }
        assertThat(flow.query("SELECT 1 FROM audit WHERE renewal = ?", event.renewalId())).isEmpty();
    }

    /** Known to SCM from before, and held ere anybody had looked: its time had been put off for ever. */
    @Test
    void an_import_that_is_resolved_by_hand_is_due() {
        var event = TestEvent.fresh("resolved-due");
        flow.send(event);
        flow.topics().await(event.renewalId());
        String scmId = (String) flow.query("SELECT scm_certificate_id FROM renewal WHERE id = ?", event.renewalId()).get(0)
                .get("scm_certificate_id");
        flow.update("UPDATE subject SET current_id = ? WHERE certificate_name = ?", event.renewalId(), event.certificateName());
        flow.update(
                """
                        UPDATE renewal SET state = 'HELD', held_from = 'CONFIRMING', hold = 'OPERATOR', imported = false, looks = 0, ended_at = NULL,
                               round = 2, next_at = 'infinity' WHERE id = ?""",
                event.renewalId());

        act(event.renewalId(), "resolve", "{\"reason\":\"seen\",\"certificateId\":\"%s\"}".formatted(scmId)).statusCode(202);

        assertThat(flow.topics().await(event.renewalId(), 2).outcome()).isEqualTo("SUCCEEDED");
    }
}
