package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.flow.FlowPlatform.Started;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;

/** What a person asks first when nothing arrives: is it us, the cloud or the broker. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class DependenciesIT {

    @Started
    Flow flow;

    @AfterEach
    void heal() {
        flow.update("DELETE FROM outbox WHERE event_id = 'parked-by-a-test'");
        flow.update("UPDATE account SET breaker = 'CLOSED' WHERE account = ?", Platform.FRAGILE);
        flow.update("UPDATE rate_bucket SET blocked_until = '-infinity' WHERE account = ?", Platform.FRAGILE);
    }

    private static ValidatableResponse health(String path) {
        int port = ConfigProvider.getConfig().getValue("quarkus.management.test-port", int.class);
        return given().get("http://127.0.0.1:" + port + "/q/health/" + path).then();
    }

    private static ValidatableResponse dependencies() {
        return health("group/dependencies");
    }

    private static String data(String check, String key) {
        return "checks.find { it.name == '" + check + "' }.data.'" + key + "'";
    }

    private static String status(String check) {
        return "checks.find { it.name == '" + check + "' }.status";
    }

    @Test
    void all_is_well_after_a_delivery() {
        var event = TestEvent.fresh("healthy");
        flow.send(event);
        flow.topics().await(event.renewalId());

        Awaitility.await().atMost(Flow.PATIENCE).untilAsserted(() -> dependencies().statusCode(200)
                .body("checks.name", containsInAnyOrder("scm", "renewals", "outbox"))
                .body(data("scm", "default.breaker"), equalTo("CLOSED"))
                .body(data("scm", "default.lastSuccess"), matchesPattern("\\d{4}-.*Z"))
                .body(data("outbox", "pending"), equalTo(0)));
    }

    @Test
    void a_stopped_account_is_named_and_no_probe_notices() {
        flow.update("UPDATE account SET breaker = 'PAUSED' WHERE account = ?", Platform.FRAGILE);

        dependencies().statusCode(503).body(status("scm"), equalTo("DOWN"))
                .body(data("scm", Platform.FRAGILE + ".breaker"), equalTo("PAUSED")).body(status("renewals"), equalTo("UP"));
        for (String probe : new String[] { "started", "ready", "live" }) {
            health(probe).statusCode(200).body("checks.name", not(hasItem("scm")));
        }
    }

    @Test
    void a_renewal_that_nobody_works_on_is_told_with_its_age() {
        flow.update(
                "UPDATE rate_bucket SET blocked_until = now() + interval '1 hour' WHERE account = ? AND operation = 'import'",
                Platform.FRAGILE);
        var event = TestEvent.fresh("stuck").with("account", Platform.FRAGILE);
        flow.send(event);
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> "READY".equals(flow.state(event.renewalId())));

        flow.update("UPDATE renewal SET next_at = now() - interval '20 minutes' WHERE id = ?", event.renewalId());

        dependencies().statusCode(503).body(status("renewals"), equalTo("DOWN"))
                .body(data("renewals", "oldestDueSeconds"), greaterThanOrEqualTo(1200));
    }

    @Test
    void an_outcome_that_kafka_never_takes_is_told() {
        flow.update("""
                INSERT INTO outbox (event_id, topic, msg_key, headers, body, parked_at, error)
                VALUES ('parked-by-a-test', 'cert-delivered', 'key', '{}', '{}', now(), 'too large')""");

        dependencies().statusCode(503).body(status("outbox"), equalTo("DOWN")).body(data("outbox", "parked"), equalTo(1));
    }
}
