package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.flow.FlowPlatform.Started;
import io.certcourier.local.scm.Operation;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** Nothing is done twice: the same record, the same event, the same certificate. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class SameCertificateAgainIT {

    @Started
    Flow flow;

    @Test
    void the_same_event_again_changes_nothing() {
        var event = TestEvent.fresh("duplicate");
        flow.send(event);
        flow.topics().await(event.renewalId());
        long calls = flow.ledger().entries().size();

        flow.send(event);
        flow.send(event.with("labels", java.util.Map.of("not", "compared")));
        awaitMarker();

        assertThat(flow.topics().of(event.renewalId())).hasSize(1);
        assertThat(flow.ledger().callsFor(flow.topics().await(event.renewalId()).json().path("scm").path("name").asText()))
                .hasSize(4);
        assertThat(calls).isPositive();
    }

    /** Everything sent before it has been judged when this one is delivered. */
    private void awaitMarker() {
        for (int i = 0; i < 3; i++) {
            var marker = TestEvent.fresh("marker");
            flow.send(marker);
            flow.topics().await(marker.renewalId());
        }
    }

    @Test
    void the_same_id_with_other_content_is_refused_and_the_known_renewal_is_untouched() {
        var event = TestEvent.fresh("conflict");
        flow.send(event);
        flow.topics().await(event.renewalId());

        var sent = flow.send(event.with("targets", TestEvent.targets("CDN")));

        var refusal = flow.topics().awaitRefusal(sent.partition(), sent.offset());
        assertThat(OutcomeSchema.problems(refusal.outcome())).isEmpty();
        assertThat(refusal.outcome().reasonCode()).isEqualTo("IDEMPOTENCY_CONFLICT");
        assertThat(refusal.outcome().json().has("refusalId")).isTrue();
        assertThat(flow.topics().of(event.renewalId())).hasSize(1);
        assertThat(flow.state(event.renewalId())).isEqualTo("SUCCEEDED");
    }

    @Test
    void the_same_certificate_under_another_id_is_unchanged_without_any_call() {
        String name = Flow.freshName("unchanged");
        var certificate = Flow.CA.issue(name);
        var first = TestEvent.of(name, certificate);
        flow.send(first);
        var delivered = flow.topics().await(first.renewalId());
        var second = TestEvent.of(name, certificate);

        flow.send(second);

        var outcome = flow.topics().await(second.renewalId());
        assertThat(OutcomeSchema.problems(outcome)).isEmpty();
        assertThat(outcome.outcome()).isEqualTo("UNCHANGED");
        assertThat(outcome.json().path("timing").path("scmCalls").asInt()).isZero();
        assertThat(outcome.json().path("targets").findValuesAsText("unchanged")).containsExactly("true", "true", "true");
        assertThat(flow.ledger().callsFor(delivered.json().path("scm").path("name").asText())).hasSize(4);
    }

    @Test
    void only_missing_targets_are_pushed() {
        String name = Flow.freshName("one-more");
        var certificate = Flow.CA.issue(name);
        var first = TestEvent.of(name, certificate).with("targets", TestEvent.targets("CDN"));
        flow.send(first);
        flow.topics().await(first.renewalId());
        var second = TestEvent.of(name, certificate);

        flow.send(second);

        var outcome = flow.topics().await(second.renewalId());
        assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
        var calls = flow.ledger().callsFor(outcome.json().path("scm").path("name").asText());
        assertThat(calls.stream().filter(c -> c.operation() == Operation.IMPORT)).hasSize(1);
        assertThat(calls.stream().filter(c -> c.operation() == Operation.PUSH)).hasSize(1);
        assertThat(calls.stream().filter(c -> c.operation() == Operation.BATCH_PUSH)).hasSize(2);
        assertThat(outcome.json().path("targets").get(0).path("unchanged").asBoolean()).isTrue();
    }

    @Test
    void redeliver_always_pushes_again() {
        String name = Flow.freshName("always");
        var certificate = Flow.CA.issue(name);
        var first = TestEvent.of(name, certificate).with("targets", TestEvent.targets("WAF@cn-north-4"));
        flow.send(first);
        flow.topics().await(first.renewalId());
        var second = TestEvent.of(name, certificate).with("targets", TestEvent.targets("WAF@cn-north-4")).with("redeliver",
                "always");

        flow.send(second);

        var outcome = flow.topics().await(second.renewalId());
        assertThat(outcome.outcome()).isEqualTo("SUCCEEDED");
        assertThat(flow.ledger().callsFor(outcome.json().path("scm").path("name").asText()).stream()
                .filter(c -> c.operation() == Operation.BATCH_PUSH)).hasSize(2);
    }

    @Test
    void a_refused_event_sent_again_is_judged_afresh() {
        String name = Flow.freshName("second-chance");
        var event = TestEvent.of(name, Flow.CA.issue(name)).with("account", "not-configured");
        flow.send(event);
        var refused = flow.topics().await(event.renewalId());

        flow.send(event.with("account", "default"));

        var delivered = flow.topics().await(event.renewalId(), 2);
        assertThat(refused.outcome()).isEqualTo("REJECTED");
        assertThat(refused.reasonCode()).isEqualTo("ACCOUNT_UNKNOWN");
        assertThat(delivered.outcome()).isEqualTo("SUCCEEDED");
        assertThat(delivered.headers()).containsEntry("ce_id", event.renewalId() + ".2");
    }

    @Test
    void an_event_past_its_expirytime_ends_at_once() {
        var event = TestEvent.fresh("too-late").withHeader("ce_expirytime",
                Instant.now().minus(Duration.ofHours(1)).toString());

        flow.send(event);

        var outcome = flow.topics().await(event.renewalId());
        assertThat(OutcomeSchema.problems(outcome)).isEmpty();
        assertThat(outcome.outcome()).isEqualTo("EXPIRED");
        assertThat(outcome.reasonCode()).isEqualTo("EVENT_EXPIRED");
        Awaitility.await().atMost(Flow.PATIENCE)
                .until(() -> flow.query("SELECT 1 FROM renewal_key WHERE renewal = ?", event.renewalId()).isEmpty());
    }
}
