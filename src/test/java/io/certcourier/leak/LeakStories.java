package io.certcourier.leak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.flow.Flow;
import io.certcourier.flow.Platform;
import io.certcourier.flow.TestEvent;
import io.certcourier.local.scm.Denial;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;
import io.certcourier.local.scm.Operation;
import io.certcourier.local.scm.Service;

/** One renewal of every kind and every end, each with a private key of its own, which the search is told. */
final class LeakStories {

    private final Flow flow;
    private final LeakSearch search;
    private final List<String> renewals = new ArrayList<>();

    LeakStories(Flow flow, LeakSearch search) {
        this.flow = flow;
        this.search = search;
    }

    /** @return ids of the renewals that are stored */
    List<String> tell() {
        delivered();
        refusedRecords();
        refusedContents();
        failed();
        recovered();
        superseded();
        denied();
        return renewals;
    }

    private void delivered() {
        ends("SUCCEEDED", fresh("plain"));
        ends("SUCCEEDED", of("plain-rsa", Flow.CA.leaf("rsa.example.com").rsa(2048).issue()));
        ends("SUCCEEDED", sealed(fresh("sealed")));
        ends("SUCCEEDED", sealed(of("sealed-rsa", Flow.CA.leaf("rsa4096.example.com").rsa(4096).issue())));
        var certificate = Flow.CA.issue("traditional.example.com");
        ends("SUCCEEDED", of("traditional", certificate).with("privateKeyPem", certificate.traditionalKeyPem()));
        var same = fresh("same");
        ends("SUCCEEDED", same);
        ends("UNCHANGED", same.withId(UUID.randomUUID().toString()));
        refused("IDEMPOTENCY_CONFLICT", same.with("sequence", 9));
    }

    /** The key is where a careless producer might put it. */
    private void refusedRecords() {
        var event = fresh("misplaced");
        String key = key(event);
        String line = key.lines().toList().get(1);
        refused("MALFORMED_JSON", new ProducerRecord<>("cert-renewed", key, key.getBytes(UTF_8)));
        refused("MALFORMED_JSON", new ProducerRecord<>("cert-renewed", ("{\"privateKeyPem\":\"" + key).getBytes(UTF_8)));
        refused("PAYLOAD_TOO_LARGE", new ProducerRecord<>("cert-renewed", key.repeat(600).getBytes(UTF_8)));
        refused("SCHEMA_VIOLATION", event.with("sequence", key));
        refused("SCHEMA_VIOLATION", event.with("labels", java.util.Map.of(key, key)));
        refused("SCHEMA_VIOLATION", event.with("certificatePem", key));
        refused("SCHEMA_VIOLATION", event.with("targets", List.of(java.util.Map.of("service", line))));
        refused("ENVELOPE_INVALID", event.withHeader("ce_time", line).withHeader("ce_subject", line));
        refused("ENVELOPE_INVALID", event.withHeader("ce_id", line));
        refused("UNSUPPORTED_TYPE", event.withoutHeader("ce_type").withHeader("ce_type", "x." + "y"));
    }

    private void refusedContents() {
        String another = key(fresh("another"));
        rejected("ACCOUNT_UNKNOWN", fresh("nobody").with("account", "nobody"));
        rejected("TARGET_NOT_ALLOWED", fresh("elsewhere").with("targets", TestEvent.targets("ELB@cn-east-3")));
        rejected("KEY_MISMATCH", fresh("mismatch").with("privateKeyPem", another));
        rejected("KEY_UNPARSABLE", fresh("twice").with("privateKeyPem", another + another));
        rejected("KEY_UNPARSABLE", sealed(fresh("cut").with("privateKeyPem", another.substring(0, 90))));
        rejected("CERT_UNPARSABLE",
                fresh("certificate").with("certificatePem", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"));
        rejected("CHAIN_INCOMPLETE", sealed(fresh("chain")).with("chainPem", null));
        rejected("KEY_DECRYPT_FAILED", damaged(sealed(fresh("damaged"))));
        rejected("EVENT_EXPIRED", fresh("expired").withHeader("ce_expirytime", "2020-01-01T00:00:00Z"));
    }

    private void failed() {
        var faults = flow.scm().faults();
        faults.add(Fault.of(FaultKind.STATUS).on(Operation.BATCH_PUSH).target(Service.ELB, null).times(0).with("status", 400)
                .with("code", "SCM.0201").with("message", "ELB error message: this certificate is not wanted"));
        ends("PARTIAL", fresh("partial"));
        faults.clear();
        var repeated = fresh("repeated");
        faults.add(Fault.of(FaultKind.STATUS).on(Operation.IMPORT).with("status", 400).with("code", "SCM.0014")
                .with("message", key(repeated))); // SCM repeats what it was sent
        ends("FAILED", repeated);
        var unmapped = sealed(fresh("unmapped"));
        faults.add(Fault.of(FaultKind.STATUS).on(Operation.IMPORT).with("status", 400).with("code", "SCM.7777")
                .with("message", "unknown: " + key(repeated).replace("\n", "\\n")));
        ends("FAILED", unmapped);
    }

    private void recovered() {
        var faults = flow.scm().faults();
        var busy = fresh("busy");
        faults.add(Fault.of(FaultKind.STATUS).on(Operation.LIST).with("status", 503).with("body", "text")
                .with("message", key(busy)));
        ends("SUCCEEDED", busy);
        faults.add(Fault.of(FaultKind.LOST_RESET).on(Operation.IMPORT));
        ends("SUCCEEDED", sealed(fresh("lost")));
        faults.add(Fault.of(FaultKind.MALFORMED_JSON).on(Operation.LIST));
        ends("SUCCEEDED", fresh("garbled"));
        faults.add(Fault.of(FaultKind.THROTTLED).on(Operation.IMPORT).with("retry-after", "1"));
        ends("SUCCEEDED", fresh("throttled"));
        faults.clear();
    }

    private void superseded() {
        var newer = fresh("order").with("sequence", 2);
        ends("SUCCEEDED", newer);
        ends("SUPERSEDED", of(newer.certificateName(), Flow.CA.issue("order.example.com"), 1));
    }

    /** These two wait, with their keys sealed in the database, until the platform ends. */
    private void denied() {
        flow.scm().faults().add(Fault.denied(Denial.WRONG_SIGNATURE).account(Platform.FRAGILE).times(0));
        var held = fresh("denied").with("account", Platform.FRAGILE);
        flow.send(held);
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> !flow
                .query("SELECT 1 FROM account WHERE account = ? AND breaker = 'OPEN'", Platform.FRAGILE).isEmpty());
        flow.scm().account(Platform.FRAGILE).freeze(true);
        var waiting = sealed(fresh("waiting")).with("account", Platform.FRAGILE);
        flow.send(waiting);
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> flow
                .query("SELECT 1 FROM renewal_key WHERE renewal IN (?, ?)", held.renewalId(), waiting.renewalId()).size() == 2);
        renewals.add(held.renewalId().toString());
        renewals.add(waiting.renewalId().toString());
    }

    private TestEvent fresh(String story) {
        String name = Flow.freshName(story);
        return of(name, Flow.CA.issue(name));
    }

    private TestEvent of(String story, IssuedCertificate certificate) {
        search.key(story, certificate.keyPem());
        return TestEvent.of(story, certificate);
    }

    private TestEvent of(String name, IssuedCertificate certificate, int sequence) {
        return of(name, certificate).with("sequence", sequence);
    }

    private static String key(TestEvent event) {
        return (String) event.fields().get("privateKeyPem");
    }

    private TestEvent sealed(TestEvent event) {
        String jwe = flow.platform().recipient().encrypt(key(event));
        search.text("JWE of " + event.certificateName(), jwe.split("\\.")[3]);
        return event.with("privateKeyPem", null).with("privateKeyJwe", jwe);
    }

    private static TestEvent damaged(TestEvent event) {
        String jwe = (String) event.fields().get("privateKeyJwe");
        return event.with("privateKeyJwe", jwe.substring(0, jwe.length() - 4) + "AAAA");
    }

    private void ends(String outcome, TestEvent event) {
        flow.send(event);
        assertThat(flow.topics().await(event.renewalId()).outcome()).as(event.certificateName()).isEqualTo(outcome);
        renewals.add(event.renewalId().toString());
    }

    private void rejected(String reason, TestEvent event) {
        flow.send(event);
        assertThat(flow.topics().await(event.renewalId()).reasonCode()).as(event.certificateName()).isEqualTo(reason);
        renewals.add(event.renewalId().toString());
    }

    private void refused(String reason, TestEvent event) {
        refused(reason, new ProducerRecord<>("cert-renewed", null, event.certificateName(), event.data(), event.headers()));
    }

    private void refused(String reason, ProducerRecord<String, byte[]> record) {
        var at = flow.send(record);
        assertThat(flow.topics().awaitRefusal(at.partition(), at.offset()).outcome().reasonCode()).isEqualTo(reason);
    }
}
