package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.flow.FlowPlatform.Started;
import io.certcourier.local.scm.Operation;
import io.certcourier.local.scm.Service;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** The main job: one event, and a burst of fifty. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class RenewalReachesEveryTargetIT {

    private static final int BURST = 50;

    @Started
    Flow flow;

    @Test
    void an_event_becomes_a_certificate_in_cdn_elb_and_waf() {
        var event = TestEvent.fresh("one").with("labels", java.util.Map.of("owner", "team-shop"));

        flow.send(event);

        var outcome = flow.topics().await(event.renewalId());
        assertThat(OutcomeSchema.problems(outcome)).isEmpty();
        assertThat(outcome.topic()).isEqualTo("cert-delivered");
        assertThat(outcome.key()).isEqualTo(event.certificateName());
        assertThat(outcome.headers()).containsEntry("ce_id", event.renewalId() + ".1").containsEntry("ce_causationid",
                event.id());
        var told = outcome.json();
        assertThat(told.path("outcome").asText()).isEqualTo("SUCCEEDED");
        assertThat(told.path("scm").path("imported").asBoolean()).isTrue();
        assertThat(told.path("labels").path("owner").asText()).isEqualTo("team-shop");
        assertThat(told.path("targets").findValuesAsText("reached")).containsExactly("PUSHED", "PUSHED", "PUSHED");
        var scmId = told.path("scm").path("certificateId").asText();
        assertThat(flow.ledger().created(told.path("scm").path("name").asText())).containsExactly(scmId);
        assertThat(flow.ledger().targetsReached(scmId)).containsExactlyInAnyOrder("CDN", "ELB@cn-north-4", "WAF@cn-north-4");
        assertThat(flow.scm().account().copies(Service.ELB, "cn-north-4")).anyMatch(
                copy -> copy.certificateId().equals(scmId)
                        && copy.id().equals(told.path("targets").get(1).path("targetCertificateId").asText()));
        assertThat(flow.query("SELECT 1 FROM renewal_key WHERE renewal = ?", event.renewalId())).isEmpty();
    }

    @Test
    void a_burst_costs_one_import_a_push_per_service_and_a_shared_list() {
        var events = new ArrayList<TestEvent>();
        for (int i = 0; i < BURST; i++) {
            events.add(TestEvent.fresh("burst"));
        }
        long before = flow.ledger().entries().size();
        var begun = Instant.now();

        events.forEach(flow::send);

        var names = new HashSet<String>();
        for (var event : events) {
            var outcome = flow.topics().await(event.renewalId());
            assertThat(OutcomeSchema.problems(outcome)).isEmpty();
            assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
            assertThat(outcome.json().path("timing").path("scmCalls").asInt()).isEqualTo(4);
            names.add(outcome.json().path("scm").path("name").asText());
        }
        assertThat(names).hasSize(BURST);
        assertThat(names).allSatisfy(name -> assertThat(flow.ledger().created(name)).hasSize(1));
        var calls = flow.ledger().since(before).stream().filter(call -> call.account().equals("default")).toList();
        assertThat(calls.stream().filter(call -> call.operation() == Operation.IMPORT)).hasSize(BURST);
        assertThat(calls.stream().filter(call -> call.operation() == Operation.PUSH)).hasSize(BURST);
        assertThat(calls.stream().filter(call -> call.operation() == Operation.BATCH_PUSH)).hasSize(2 * BURST);
        long lists = calls.stream().filter(call -> call.operation() == Operation.LIST).count();
        System.out.printf("burst of %d: %.2f calls per renewal, %.2f of them lists%n", BURST, (double) calls.size() / BURST,
                (double) lists / BURST);
        // a machine that is busy with other things sees more look windows pass
        assertThat(lists)
                .isLessThanOrEqualTo(Math.max((long) (BURST * 0.13), 2 + Duration.between(begun, Instant.now()).toSeconds()));
        assertThat(events.stream().map(e -> flow.topics().of(e.renewalId())).map(List::size)).containsOnly(1);
    }

    @Test
    void every_call_of_the_ledger_has_an_attempt_with_its_request_id() {
        var event = TestEvent.fresh("attempts");

        flow.send(event);

        var outcome = flow.topics().await(event.renewalId());
        var requestIds = flow.query("SELECT request_id FROM attempt WHERE renewal = ? AND outcome = 'OK'", event.renewalId())
                .stream()
                .map(row -> row.get("request_id")).toList();
        assertThat(flow.ledger().callsFor(outcome.json().path("scm").path("name").asText()).stream()
                .map(call -> (Object) call.requestId()))
                .containsExactlyInAnyOrderElementsOf(requestIds);
    }

    /** Those of a minute whose first is there at once and whose last is a second late. */
    @Test
    void a_budget_leaves_its_calls_a_second_to_arrive_in() {
        assertThat(flow.query("SELECT configured FROM rate_bucket")).isNotEmpty();
        assertThat(flow.query("SELECT 1 FROM rate_bucket WHERE burst + (per_minute - burst) / 60 * 61 > configured + 0.001"))
                .isEmpty();
    }
}
