package io.certcourier.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.flow.Flow;
import io.certcourier.flow.Platform;
import io.certcourier.flow.ServiceProcess;
import io.certcourier.flow.TestEvent;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;
import io.certcourier.local.scm.Operation;
import io.certcourier.local.scm.Service;

/** Brings renewals into every state that a killed service can leave them in, by events, faults and the API alone. */
final class Scene {

    private final Flow flow;
    private final ServiceProcess service;
    private final List<TestEvent> sent = new ArrayList<>();

    Scene(Flow flow, ServiceProcess service) {
        this.flow = flow;
        this.service = service;
    }

    /** Those that may have become a certificate in the cloud. */
    List<TestEvent> sent() {
        return List.copyOf(sent);
    }

    /** Ends with the service killed in the middle of an import. */
    void play() {
        ended();
        heldForWantOfARight();
        onAPausedAccount();
        halfWay();
        untold();
        killedWhileImporting();
    }

    private void ended() {
        var delivered = send(event("delivered"));
        awaitState(delivered, "SUCCEEDED");
        awaitState(send(again(delivered)), "UNCHANGED");
        flow.send(delivered.with("targets", TestEvent.targets("CDN"))); // refused: the same id with other content
        flow.send(new ProducerRecord<>("cert-renewed", "unreadable",
                "no JSON".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        refusedByElb("partial");
        var retried = refusedByElb("retried");
        post("/v1/renewals/" + retried.renewalId() + "/retry");
        awaitState(retried, "SUCCEEDED");
        flow.scm().faults().add(Fault.of(FaultKind.STATUS).on(Operation.IMPORT).with("status", 400).with("code", "SCM.0014"));
        awaitState(send(event("failed")), "FAILED");
        var newer = send(event("superseded").with("sequence", 2));
        awaitState(newer, "SUCCEEDED");
        awaitState(send(TestEvent.of(newer.certificateName(), issue(newer.certificateName())).with("sequence", 1)),
                "SUPERSEDED");
        awaitState(send(event("rejected").with("account", "nobody")), "REJECTED");
        awaitState(send(event("expired").withHeader("ce_expirytime", Instant.now().minusSeconds(60).toString())), "EXPIRED");
    }

    private TestEvent refusedByElb(String story) {
        flow.scm().faults().add(Fault.of(FaultKind.STATUS).on(Operation.BATCH_PUSH).target(Service.ELB, null)
                .with("status", 400).with("code", "SCM.0201").with("message", "ELB error message: not wanted"));
        var event = send(event(story));
        awaitState(event, "PARTIAL");
        return event;
    }

    private void heldForWantOfARight() {
        flow.scm().account().deny(Service.CDN);
        awaitState(send(event("permission").with("targets", TestEvent.targets("CDN"))), "HELD");
        flow.scm().account().permitAll();
    }

    private void onAPausedAccount() {
        post("/v1/accounts/" + Platform.FRAGILE + "/pause");
        awaitState(send(event("waiting").with("account", Platform.FRAGILE)), "READY");
        var cancelled = send(event("cancelled").with("account", Platform.FRAGILE));
        awaitState(cancelled, "READY");
        post("/v1/renewals/" + cancelled.renewalId() + "/cancel");
        awaitState(cancelled, "CANCELLED");
        var held = send(event("held").with("account", Platform.FRAGILE));
        awaitState(held, "READY");
        post("/v1/renewals/" + held.renewalId() + "/hold");
        awaitState(held, "HELD");
    }

    private void halfWay() {
        flow.scm().faults().add(Fault.of(FaultKind.STATUS).on(Operation.PUSH).times(0));
        var pushing = send(event("pushing"));
        awaitState(pushing, "PUSHING");
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> !flow.query(
                "SELECT 1 FROM renewal_target WHERE renewal = ? AND service = 'CDN' AND attempts > 0", pushing.renewalId())
                .isEmpty());
        flow.scm().faults().add(Fault.of(FaultKind.STATUS).on(Operation.LIST).times(0));
        awaitState(send(event("confirming")), "CONFIRMING");
        flow.scm().faults().add(Fault.of(FaultKind.LOST_RESET).on(Operation.IMPORT));
        awaitState(send(event("resolving")), "RESOLVING");
    }

    /** As if the relay were another replica's that has died. */
    private void untold() {
        flow.update("UPDATE duty SET owner = 'another', until = now() + interval '1 hour' WHERE name = 'relay'");
        // longer than the relay takes to see that it has lost its duty
        Awaitility.await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
        awaitState(send(again(sent.get(0))), "UNCHANGED");
        awaitState(send(event("rejected-untold").with("account", "nobody")), "REJECTED");
        assertThat(flow.query("SELECT 1 FROM outbox WHERE body IS NOT NULL")).hasSizeGreaterThanOrEqualTo(2);
    }

    private void killedWhileImporting() {
        flow.scm().faults().add(Fault.of(FaultKind.LOST_HANG).on(Operation.IMPORT));
        long imports = flow.ledger().count(Operation.IMPORT);
        var importing = send(event("importing"));
        Awaitility.await().atMost(Flow.PATIENCE).pollInterval(Duration.ofMillis(20))
                .until(() -> flow.ledger().count(Operation.IMPORT) > imports);
        awaitState(send(TestEvent.of(importing.certificateName(), issue(importing.certificateName()))), "QUEUED");
        assertThat(flow.state(importing.renewalId())).isEqualTo("IMPORTING");
        service.kill();
        flow.update("UPDATE duty SET until = now() WHERE name = 'relay'");
    }

    /** Valid for as long as the recording shall be of use. */
    private static IssuedCertificate issue(String name) {
        return Flow.CA.leaf(name).validity(Instant.now().minus(Duration.ofHours(1)), Instant.now().plus(Duration.ofDays(3600)))
                .issue();
    }

    private static TestEvent event(String story) {
        String name = story + ".example.com";
        return TestEvent.of(name, issue(name));
    }

    /** The same certificate by another event. */
    private static TestEvent again(TestEvent event) {
        return event.withId(UUID.randomUUID().toString());
    }

    private TestEvent send(TestEvent event) {
        flow.send(event);
        sent.add(event);
        return event;
    }

    private void awaitState(TestEvent event, String state) {
        Awaitility.await(event.certificateName() + " " + state).atMost(Flow.PATIENCE).pollInterval(Duration.ofMillis(50))
                .until(() -> state.equals(flow.state(event.renewalId())));
    }

    private void post(String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.httpPort() + path))
                .header("Content-Type", "application/json").header("If-Match", "*")
                .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"recorded\"}")).build();
        try {
            var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(202);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
