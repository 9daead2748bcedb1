package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.flow.FlowPlatform.Started;
import io.certcourier.flow.TopicLog.Message;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;
import io.certcourier.local.scm.Operation;
import io.certcourier.local.scm.Service;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** SCM did it, or did not, and nobody told us. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class LostAnswerIT {

    @Started
    Flow flow;

    @AfterEach
    void heal() {
        flow.scm().faults().clear();
    }

    private static String scmName(Message outcome) {
        return outcome.json().path("scm").path("name").asText();
    }

    @Test
    void an_import_whose_answer_was_lost_is_found_by_its_name_and_not_repeated() {
        var event = TestEvent.fresh("lost-import");
        flow.scm().faults().add(Fault.of(FaultKind.LOST_RESET).on(Operation.IMPORT));

        flow.send(event);

        var outcome = flow.topics().await(event.renewalId());
        assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
        assertThat(flow.ledger().created(scmName(outcome))).hasSize(1);
        assertThat(flow.ledger().callsFor(scmName(outcome)).stream().filter(c -> c.operation() == Operation.IMPORT)).hasSize(1);
        assertThat(outcome.json().path("scm").path("imported").asBoolean()).isTrue();
    }

    @Test
    void an_import_that_never_answered_within_the_deadline_is_found_as_well() {
        var event = TestEvent.fresh("hanging-import");
        flow.scm().faults().add(Fault.of(FaultKind.LOST_HANG).on(Operation.IMPORT));

        flow.send(event);

        var outcome = flow.topics().await(event.renewalId());
        assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
        assertThat(flow.ledger().created(scmName(outcome))).hasSize(1);
    }

    @Test
    void an_import_that_surely_did_not_happen_is_repeated() {
        var event = TestEvent.fresh("reset-import");
        flow.scm().faults().add(Fault.of(FaultKind.THROTTLED).on(Operation.IMPORT).with("retry-after", "1"));

        flow.send(event);

        var outcome = flow.topics().await(event.renewalId());
        assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
        assertThat(flow.ledger().created(scmName(outcome))).hasSize(1);
        // the test's own budget again, for the tests that follow
        flow.update(
                "UPDATE rate_bucket SET per_minute = configured * 60 / 61, burst = configured / 40, lowered_at = NULL, blocked_until = '-infinity'");
    }

    @Test
    void a_certificate_that_is_not_listed_yet_is_waited_for() {
        var event = TestEvent.fresh("lagging-list");
        flow.scm().faults().add(Fault.of(FaultKind.LIST_EMPTY).times(1));

        flow.send(event);

        var outcome = flow.topics().await(event.renewalId());
        assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
        assertThat(flow.ledger().created(scmName(outcome))).hasSize(1);
    }

    @Test
    void a_push_whose_answer_was_lost_is_sent_again_and_the_outcome_says_so() {
        var event = TestEvent.fresh("lost-push");
        flow.scm().faults().add(Fault.of(FaultKind.LOST_RESET).on(Operation.BATCH_PUSH).target(Service.ELB, null));

        flow.send(event);

        var outcome = flow.topics().await(event.renewalId());
        assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
        assertThat(OutcomeSchema.problems(outcome)).isEmpty();
        var elb = outcome.json().path("targets").get(1);
        assertThat(elb.path("service").asText()).isEqualTo("ELB");
        assertThat(elb.path("secondCopyPossible").asBoolean()).isTrue();
        assertThat(outcome.json().path("targets").get(0).has("secondCopyPossible")).isFalse();
    }

    @Test
    void a_certificate_that_somebody_imported_under_our_name_is_adopted_only_if_it_is_the_same() {
        String name = Flow.freshName("adopt");
        IssuedCertificate certificate = Flow.CA.issue(name);
        var first = TestEvent.of(name, certificate);
        flow.send(first);
        var delivered = flow.topics().await(first.renewalId());
        // our database forgets, SCM does not
        flow.update("UPDATE renewal SET scm_certificate_id = 'forgotten', account = 'gone' WHERE id = ?", first.renewalId());
        var second = TestEvent.of(name, certificate).with("certificateName", "again/" + name);

        flow.send(second);

        var outcome = flow.topics().await(second.renewalId());
        assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
        assertThat(outcome.json().path("scm").path("certificateId").asText())
                .isEqualTo(delivered.json().path("scm").path("certificateId").asText());
        assertThat(flow.ledger().created(scmName(outcome))).hasSize(1);
    }

    @Test
    void a_lost_owner_s_import_is_looked_up_when_its_lease_has_run_out() {
        var event = TestEvent.fresh("lost-owner");
        flow.scm().faults().add(Fault.of(FaultKind.NEVER_ANSWER).on(Operation.IMPORT));
        flow.send(event);
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> "IMPORTING".equals(flow.state(event.renewalId())));

        // as if another process had claimed it and died: the epoch moves on, the lease is over
        flow.update(
                "UPDATE renewal SET epoch = epoch + 1, lease_owner = 'dead', lease_until = now() - interval '20 s', next_at = now() WHERE id = ?",
                event.renewalId());

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> "RESOLVING".equals(flow.state(event.renewalId())));
        assertThat(flow.query("SELECT 1 FROM renewal WHERE id = ? AND unknowns = 1", event.renewalId())).hasSize(1);
        flow.update(
                "UPDATE renewal SET looks = 3, waiting_since = now() - interval '70 s', next_at = now() WHERE id = ? AND state = 'RESOLVING'",
                event.renewalId());
        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
        Awaitility.await().atMost(Flow.PATIENCE).until(
                () -> flow.query("SELECT 1 FROM attempt WHERE renewal = ? AND outcome = 'ZOMBIE'", event.renewalId())
                        .size() == 1);
    }
}
