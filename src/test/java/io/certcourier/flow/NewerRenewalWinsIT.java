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

/** Renewals of one subject are ordered: a newer one supersedes, an older one never overwrites. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class NewerRenewalWinsIT {

    @Started
    Flow flow;

    @AfterEach
    void heal() {
        flow.scm().faults().clear();
    }

    private static TestEvent numbered(String name, int sequence) {
        return TestEvent.of(name, Flow.CA.issue(name)).with("sequence", sequence);
    }

    @Test
    void an_older_event_that_arrives_late_is_superseded_without_a_call() {
        String name = Flow.freshName("late");
        var older = numbered(name, 1);
        var newer = numbered(name, 2);
        flow.send(newer);
        flow.topics().await(newer.renewalId());

        flow.send(older);

        var outcome = flow.topics().await(older.renewalId());
        assertThat(OutcomeSchema.problems(outcome)).isEmpty();
        assertThat(outcome.outcome()).isEqualTo("SUPERSEDED");
        assertThat(outcome.json().path("supersededBy").asText()).isEqualTo(newer.renewalId().toString());
        assertThat(outcome.json().path("timing").path("scmCalls").asInt()).isZero();
    }

    @Test
    void a_newer_one_waits_for_the_call_on_the_wire_and_then_takes_over() {
        String name = Flow.freshName("overtake");
        var older = numbered(name, 1);
        var newer = numbered(name, 2);
        flow.scm().faults().add(Fault.of(FaultKind.LATENCY).on(Operation.IMPORT).times(1).with("millis", 2000));
        flow.send(older);
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> "IMPORTING".equals(flow.state(older.renewalId())));

        flow.send(newer);

        var superseded = flow.topics().await(older.renewalId());
        var delivered = flow.topics().await(newer.renewalId());
        assertThat(OutcomeSchema.problems(superseded)).isEmpty();
        assertThat(superseded.outcome()).isEqualTo("SUPERSEDED");
        assertThat(superseded.json().path("scm").path("imported").asBoolean()).as("tells what it did").isTrue();
        assertThat(delivered.outcome()).isEqualTo("SUCCEEDED");
        assertThat(delivered.json().path("supersedes").asText()).isEqualTo(older.renewalId().toString());
        String olderId = superseded.json().path("scm").path("certificateId").asText();
        assertThat(flow.ledger().targetsReached(olderId)).isEmpty();
    }

    @Test
    void a_waiting_one_is_superseded_at_once() {
        String name = Flow.freshName("waiting");
        var older = numbered(name, 1);
        var newer = numbered(name, 2);
        flow.scm().faults()
                .add(Fault.of(FaultKind.STATUS).on(Operation.BATCH_PUSH).target(Service.WAF, null).certificate(scmNameOf(older))
                        .times(0)
                        .with("status", 503).with("body", "empty"));
        flow.send(older);
        Awaitility.await().atMost(Flow.PATIENCE)
                .until(() -> !flow
                        .query("SELECT 1 FROM renewal WHERE id = ? AND state = 'PUSHING' AND attempts > 0", older.renewalId())
                        .isEmpty());

        flow.send(newer);

        var superseded = flow.topics().await(older.renewalId());
        var delivered = flow.topics().await(newer.renewalId());
        assertThat(OutcomeSchema.problems(superseded)).isEmpty();
        assertThat(superseded.outcome()).isEqualTo("SUPERSEDED");
        assertThat(superseded.json().path("targets").findValuesAsText("reached")).containsExactly("PUSHED", "PUSHED", "NONE");
        assertThat(delivered.outcome()).isEqualTo("SUCCEEDED");
        for (var service : Service.values()) {
            var copies = flow.scm().account().copies(service, service == Service.CDN ? "" : "cn-north-4").stream()
                    .filter(copy -> copy.name().contains(name.substring(0, 15))).toList();
            assertThat(copies.get(copies.size() - 1).certificateId()).as(service + " holds the newer one last")
                    .isEqualTo(delivered.json().path("scm").path("certificateId").asText());
        }
    }

    private static String scmNameOf(TestEvent event) {
        try (var bundle = io.certcourier.certificate.CertificateBundle.parse((String) event.fields().get("certificatePem"),
                (String) event.fields().get("chainPem"), io.certcourier.certificate.SecretBytes
                        .taking(((String) event.fields().get("privateKeyPem"))
                                .getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                java.time.Instant.now())) {
            return bundle.facts().scmName();
        }
    }

    @Test
    void of_many_that_arrive_in_any_order_the_newest_is_delivered_last() {
        String name = Flow.freshName("many");
        int[] order = { 3, 1, 5, 2, 4 };
        TestEvent newest = null;
        for (int sequence : order) {
            var event = numbered(name, sequence);
            newest = sequence == 5 ? event : newest;
            flow.send(event);
        }

        var delivered = flow.topics().await(newest.renewalId());

        assertThat(delivered.outcome()).isEqualTo("SUCCEEDED");
        Awaitility.await().atMost(Flow.PATIENCE).until(
                () -> flow.query("SELECT 1 FROM renewal WHERE certificate_name = ? AND ended_at IS NULL", name).isEmpty());
        var elb = flow.scm().account().copies(Service.ELB, "cn-north-4").stream()
                .filter(c -> c.name().contains(name.substring(0, 13))).toList();
        assertThat(elb.get(elb.size() - 1).certificateId())
                .isEqualTo(delivered.json().path("scm").path("certificateId").asText());
    }
}
