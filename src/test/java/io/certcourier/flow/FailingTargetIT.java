package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Each target has its own fate, and the outcome tells it. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class FailingTargetIT {

    @Started
    Flow flow;

    @AfterEach
    void heal() {
        flow.scm().faults().clear();
        flow.scm().account().permitAll();
    }

    @Test
    void one_refused_target_makes_it_partial_and_blocks_no_other() {
        var event = TestEvent.fresh("partial");
        flow.scm().faults()
                .add(Fault.of(FaultKind.STATUS).on(Operation.BATCH_PUSH).target(Service.ELB, null).times(0).with("status", 400)
                        .with("code", "SCM.0201").with("message", "ELB error message: this certificate is not wanted"));

        flow.send(event);

        var outcome = flow.topics().await(event.renewalId());
        assertThat(OutcomeSchema.problems(outcome)).isEmpty();
        assertThat(outcome.topic()).isEqualTo("cert-delivery-failed");
        assertThat(outcome.outcome()).isEqualTo("PARTIAL");
        assertThat(outcome.reasonCode()).isEqualTo("TARGET_REJECTED");
        var failure = outcome.json().path("failure");
        assertThat(failure.path("remedy").asText()).isEqualTo("FIX_TARGET");
        assertThat(failure.path("provider").path("errorCode").asText()).isEqualTo("SCM.0201");
        assertThat(failure.path("provider").path("requestId").asText()).matches("[0-9a-f]{32}");
        assertThat(outcome.json().path("targets").findValuesAsText("reached")).containsExactly("PUSHED", "NONE", "PUSHED");
    }

    @Test
    void a_failed_item_in_a_200_answer_is_not_taken_for_success() {
        var event = TestEvent.fresh("hidden-failure");
        flow.scm().faults().add(Fault.of(FaultKind.BATCH_ITEM_FAILED).target(Service.WAF, "cn-north-4").times(2));

        flow.send(event);

        var outcome = flow.topics().await(event.renewalId());
        assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
        assertThat(outcome.json().path("targets").get(2).path("attempts").asInt()).isEqualTo(3);
        assertThat(outcome.json().path("targets").get(1).path("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void an_outage_shorter_than_the_deadline_needs_no_hand() {
        var event = TestEvent.fresh("outage");
        flow.scm().faults()
                .add(Fault.of(FaultKind.STATUS).on(Operation.BATCH_PUSH).times(8).with("status", 503).with("body", "html"));

        flow.send(event);

        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
    }

    @Test
    void a_missing_right_for_one_service_holds_only_what_needs_it() {
        var event = TestEvent.fresh("no-right");
        flow.scm().account().deny(Service.CDN);

        flow.send(event);

        Awaitility.await().atMost(Flow.PATIENCE).until(() -> "HELD".equals(flow.state(event.renewalId())));
        var targets = flow.query("SELECT service, state FROM renewal_target WHERE renewal = ? ORDER BY service",
                event.renewalId());
        assertThat(targets).extracting(row -> row.get("state")).containsExactly("RETRY", "PUSHED", "PUSHED");
        assertThat(flow.query("SELECT hold, reason_code FROM renewal WHERE id = ?", event.renewalId()).get(0))
                .containsEntry("hold", "PERMISSION")
                .containsEntry("reason_code", "TARGET_PERMISSION");
        flow.scm().account().permitAll();
        flow.update("UPDATE renewal SET next_at = now() WHERE id = ?", event.renewalId());
        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
    }

    @Test
    void a_certificate_that_scm_refuses_fails_once_and_says_what_to_do() {
        var event = TestEvent.fresh("refused-import");
        flow.scm().faults().add(Fault.of(FaultKind.STATUS).on(Operation.IMPORT).with("status", 400).with("code", "SCM.0014")
                .with("message", "no match"));

        flow.send(event);

        var outcome = flow.topics().await(event.renewalId());
        assertThat(OutcomeSchema.problems(outcome)).isEmpty();
        assertThat(outcome.outcome()).isEqualTo("FAILED");
        assertThat(outcome.reasonCode()).isEqualTo("SCM_REJECTED_KEY");
        assertThat(flow.query("SELECT 1 FROM renewal_key WHERE renewal = ?", event.renewalId())).isEmpty();
    }

    @Test
    void a_renewal_that_misses_its_deadline_tells_how_far_it_got() {
        var event = TestEvent.fresh("deadline");
        flow.scm().faults().add(
                Fault.of(FaultKind.STATUS).on(Operation.BATCH_PUSH).target(Service.WAF, null).times(0).with("status", 503));
        flow.send(event);
        Awaitility.await().atMost(Flow.PATIENCE)
                .until(() -> !flow
                        .query("SELECT 1 FROM renewal WHERE id = ? AND state = 'PUSHING' AND attempts > 0", event.renewalId())
                        .isEmpty());

        flow.update("UPDATE renewal SET deadline_at = now() WHERE id = ?", event.renewalId());

        var outcome = flow.topics().await(event.renewalId());
        assertThat(OutcomeSchema.problems(outcome)).isEmpty();
        assertThat(outcome.outcome()).isEqualTo("PARTIAL");
        assertThat(outcome.reasonCode()).isEqualTo("DEADLINE_EXCEEDED");
        assertThat(outcome.json().path("failure").path("provider").path("httpStatus").asInt()).isEqualTo(503);
    }
}
