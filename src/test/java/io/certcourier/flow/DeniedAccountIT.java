package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.flow.FlowPlatform.Started;
import io.certcourier.local.scm.Denial;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.Operation;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** A denied account stops; nothing is lost, no key is locked by trying, and other accounts do not notice. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class DeniedAccountIT {

    @Started
    Flow flow;

    @AfterEach
    void heal() {
        flow.scm().account(Platform.FRAGILE).permitAll();
        probeNow();
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> "CLOSED".equals(breaker()));
    }

    private Object breaker() {
        return flow.query("SELECT breaker FROM account WHERE account = ?", Platform.FRAGILE).get(0).get("breaker");
    }

    private void probeNow() {
        flow.update("UPDATE account SET probe_at = now(), probes = 0 WHERE account = ?", Platform.FRAGILE);
    }

    private long importsOfFragile() {
        return flow.ledger().entries().stream()
                .filter(c -> c.account().equals(Platform.FRAGILE) && c.operation() == Operation.IMPORT).count();
    }

    @Test
    void renewals_of_a_denied_account_wait_and_go_on_when_it_works_again() {
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> "CLOSED".equals(breaker()));
        flow.scm().account(Platform.FRAGILE).freeze(true);
        List<TestEvent> held = IntStream.range(0, 20).mapToObj(i -> TestEvent.fresh("frozen").with("account", Platform.FRAGILE))
                .toList();

        held.forEach(flow::send);
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> "OPEN".equals(breaker()));
        var other = TestEvent.fresh("other-account");
        flow.send(other);

        assertThat(flow.topics().await(other.renewalId()).outcome()).isEqualTo("SUCCEEDED");
        long tried = importsOfFragile();
        assertThat(flow.query("SELECT 1 FROM renewal WHERE account = ? AND attempts > 0", Platform.FRAGILE)).isEmpty();
        assertThat(held).allSatisfy(event -> assertThat(flow.topics().of(event.renewalId())).isEmpty());
        probeNow();
        Awaitility.await().atMost(Flow.PATIENCE)
                .until(() -> !flow.query("SELECT 1 FROM account WHERE account = ? AND probe_at > now() + interval '5 min'",
                        Platform.FRAGILE).isEmpty());
        assertThat(breaker()).as("a probe that is denied keeps it open").isEqualTo("OPEN");
        assertThat(importsOfFragile()).isEqualTo(tried);

        flow.scm().account(Platform.FRAGILE).freeze(false);
        probeNow();

        assertThat(held)
                .allSatisfy(event -> assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED"));
        assertThat(breaker()).isEqualTo("CLOSED");
    }

    /** The push to CDN works, the others are denied: the account may be called again by itself, as after any first denial. */
    @Test
    void a_success_beside_a_denial_counts_first() {
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> "CLOSED".equals(breaker()));
        flow.update("UPDATE account SET probes = 3 WHERE account = ?", Platform.FRAGILE);
        flow.scm().faults().add(Fault.denied(Denial.FROZEN).account(Platform.FRAGILE).on(Operation.BATCH_PUSH).times(2));
        var event = TestEvent.fresh("half-denied").with("account", Platform.FRAGILE);

        flow.send(event);

        Awaitility.await().atMost(Flow.PATIENCE).until(() -> "OPEN".equals(breaker()));
        assertThat(flow.query("SELECT probe_at < now() + interval '11 min' AS soon FROM account WHERE account = ?",
                Platform.FRAGILE)).singleElement().satisfies(row -> assertThat(row.get("soon")).isEqualTo(true));
        flow.scm().faults().clear();
        probeNow();
        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
    }
}
