package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import org.awaitility.Awaitility;

import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;
import io.certcourier.local.scm.Operation;
import io.certcourier.local.scm.Service;

/**
 * What has to be there before an operation can answer as its example says. Renewals that are acted on belong to a paused
 * account, so that nobody else changes them.
 */
final class ExampleScenes {

    private static final String WHY = "{\"reason\":\"tried by a test\"}";

    private final Flow flow;
    private final Map<String, Supplier<Target>> byOperation;

    /** @param path value of the path's parameter, if it has one */
    record Target(Object path, Map<String, Object> query) {

        static Target none() {
            return new Target(null, Map.of());
        }

        static Target at(Object path) {
            return new Target(path, Map.of());
        }

        static Target where(String name, Object value) {
            return new Target(null, Map.of(name, value));
        }
    }

    ExampleScenes(Flow flow) {
        this.flow = flow;
        this.byOperation = Map.ofEntries(
                Map.entry("sendEvent", Target::none), Map.entry("planEvent", Target::none),
                Map.entry("listErrors", Target::none), Map.entry("listRecipientKeys", Target::none),
                Map.entry("listAccounts", Target::none), Map.entry("resumeAccount", () -> Target.at(Platform.FRAGILE)),
                Map.entry("pauseAccount", this::running),
                Map.entry("listRenewals", () -> Target.where("certificateName", delivered().certificateName())),
                Map.entry("showRenewal", () -> Target.at(delivered().renewalId())),
                Map.entry("listCertificates", () -> Target.where("certificateName", delivered().certificateName())),
                Map.entry("holdRenewal", () -> Target.at(waiting())), Map.entry("cancelRenewal", () -> Target.at(waiting())),
                Map.entry("releaseRenewal", () -> Target.at(held())), Map.entry("resolveRenewal", () -> Target.at(unclear())),
                Map.entry("retryRenewal", () -> Target.at(partial())),
                Map.entry("listAudit", () -> Target.where("renewalId", held())),
                Map.entry("listRefusals", () -> Target.where("source", refused().source())),
                Map.entry("showRefusal", () -> Target.at(refusalOf(refused()))),
                Map.entry("listParkedEvents", this::listedParked), Map.entry("sendParkedEvent", () -> Target.at(parked())));
    }

    /** Makes the scene. */
    Target before(String operation) {
        account("pause");
        return byOperation.getOrDefault(operation, () -> {
            throw new IllegalStateException("make a scene for " + operation);
        }).get();
    }

    void leave() {
        flow.scm().faults().clear();
        account("resume");
    }

    private static void account(String action) {
        given().contentType("application/json").body(WHY).post("/v1/accounts/{name}/{action}", Platform.FRAGILE, action);
    }

    private Target running() {
        account("resume");
        return Target.at(Platform.FRAGILE);
    }

    private static TestEvent event(String account) {
        return TestEvent.fresh("example").with("account", account).with("targets", TestEvent.targets("CDN", "ELB@cn-north-4"));
    }

    private TestEvent delivered() {
        var event = event("default").with("labels", Map.of("team", "web"));
        flow.send(event);
        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
        return event;
    }

    private UUID waiting() {
        var event = event(Platform.FRAGILE);
        flow.send(event);
        await(event.renewalId(), "READY");
        return event.renewalId();
    }

    private UUID held() {
        var renewal = waiting();
        given().contentType("application/json").header("If-Match", "*").body(WHY).post("/v1/renewals/{id}/hold", renewal).then()
                .statusCode(202);
        await(renewal, "HELD");
        return renewal;
    }

    /** As an import leaves it whose answer was lost, and which nobody finds. */
    private UUID unclear() {
        var renewal = held();
        flow.update("UPDATE renewal SET held_from = 'RESOLVING', hold = 'UNCLEAR' WHERE id = ?", renewal);
        return renewal;
    }

    private UUID partial() {
        account("resume");
        flow.scm().faults().add(Fault.of(FaultKind.STATUS).on(Operation.BATCH_PUSH).target(Service.ELB, null).times(0)
                .with("status", 400).with("code", "SCM.0201").with("message", "ELB error message: not wanted"));
        var event = event(Platform.FRAGILE);
        flow.send(event);
        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("PARTIAL");
        flow.scm().faults().clear();
        account("pause");
        return event.renewalId();
    }

    private void await(UUID renewal, String state) {
        Awaitility.await().atMost(Flow.PATIENCE).untilAsserted(() -> assertThat(flow.state(renewal)).isEqualTo(state));
    }

    private TestEvent refused() {
        String source = "urn:test:example:" + UUID.randomUUID();
        var event = TestEvent.fresh("example").with("sequence", "no number").withoutHeader("ce_source").withHeader("ce_source",
                source);
        var at = flow.send(event);
        flow.topics().awaitRefusal(at.partition(), at.offset());
        return new TestEvent(source, event.id(), event.fields(), event.headers());
    }

    private static String refusalOf(TestEvent event) {
        return given().queryParam("source", event.source()).get("/v1/refusals").jsonPath().getString("[0].refusalId");
    }

    private Target listedParked() {
        String id = parked();
        return Target.where("after", (long) flow.query("SELECT seq FROM outbox WHERE event_id = ?", id).get(0).get("seq") - 1);
    }

    /** As the relay leaves it behind. */
    private String parked() {
        UUID renewal = UUID.randomUUID();
        flow.update("""
                INSERT INTO outbox (event_id, topic, msg_key, headers, body, parked_at, error)
                VALUES (?, 'cert-delivered', 'www.example.com', jsonb_build_object('ce_id', ?), '{"renewalId":"%s","round":7}',
                        now(), 'org.apache.kafka.common.errors.RecordTooLargeException: too large')""".formatted(renewal),
                renewal + ".7", renewal + ".7");
        return renewal + ".7";
    }
}
