package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

class LedgerTest {

    private static ScmEmulator emulator;
    private static EmulatorClient client;

    @BeforeAll
    static void start() {
        emulator = ScmEmulator.start(0);
        client = new EmulatorClient(emulator);
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @BeforeEach
    void reset() {
        emulator.reset();
    }

    @Test
    void every_call_is_on_record_with_its_real_effect() {
        var id = client.imported("web-0001");
        var push = client.push(id, "elb", "cn-north-4");
        client.push(id, "ELB", "nowhere-1");

        var calls = emulator.ledger().entries();

        assertThat(calls).extracting(LedgerEntry::operation).containsExactly(Operation.IMPORT, Operation.PUSH, Operation.PUSH);
        assertThat(calls).extracting(LedgerEntry::status).containsExactly("200", "204", "400");
        assertThat(calls).extracting(LedgerEntry::errorCode).containsExactly("", "", "SCM.0069");
        assertThat(calls).extracting(LedgerEntry::certificateName).containsOnly("web-0001");
        assertThat(calls).extracting(LedgerEntry::certificateId).containsOnly(id);
        assertThat(calls).isSortedAccordingTo((one, other) -> Long.compare(one.sequence(), other.sequence()));
        assertThat(calls.get(0).effects()).containsExactly(Effect.of(Effect.Kind.CREATED, id));
        var copied = calls.get(1);
        assertThat(copied.effects()).containsExactly(
                new Effect(Effect.Kind.PUSHED, "ELB@cn-north-4",
                        emulator.account().copies(Service.ELB, "cn-north-4").get(0).id()));
        assertThat(copied.service()).isEqualTo("ELB");
        assertThat(copied.projects()).containsExactly("cn-north-4");
        assertThat(copied.requestId()).isEqualTo(push.header("X-Request-Id"));
        assertThat(copied.account()).isEqualTo(ScmEmulator.ACCOUNT);
        assertThat(copied.accessKey()).isEqualTo(ScmEmulator.ACCESS_KEY);
        assertThat(copied.endNanos()).isGreaterThan(copied.startNanos());
        assertThat(copied.endedAt()).isAfterOrEqualTo(copied.startedAt());
        assertThat(calls.get(2).effects()).isEmpty();
    }

    @Test
    void queries_answer_what_tests_ask() {
        var first = client.imported("web-0001");
        var second = client.imported("web-0001");
        client.batchPush(first, "WAF", "cn-north-4", "cn-east-3");
        client.push(first, "WAF", "cn-north-4");
        client.list("");

        var ledger = emulator.ledger();

        assertThat(ledger.count(Operation.IMPORT)).isEqualTo(2);
        assertThat(ledger.count(Operation.LIST)).isEqualTo(1);
        assertThat(ledger.created("web-0001")).containsExactly(first, second);
        assertThat(ledger.callsFor("web-0001")).hasSize(4);
        assertThat(ledger.pushes(first, Service.WAF, "cn-north-4")).isEqualTo(2);
        assertThat(ledger.pushes(first, Service.WAF, "cn-east-3")).isEqualTo(1);
        assertThat(ledger.pushes(second, Service.WAF, "cn-north-4")).isZero();
        assertThat(ledger.targetsReached(first)).isEqualTo(Set.of("WAF@cn-north-4", "WAF@cn-east-3"));
    }

    @Test
    void later_entries_are_read_by_sequence_number_across_a_reset() {
        client.list("");
        client.list("");
        var seen = emulator.ledger().last().sequence();
        emulator.reset();
        client.list("");

        assertThat(emulator.ledger().since(seen)).extracting(LedgerEntry::sequence).containsExactly(seen + 1);
        assertThat(emulator.ledger().since(seen + 1)).isEmpty();
        assertThat(emulator.ledger().since(seen + 7)).isEmpty();
    }

    @Test
    void refused_callers_are_on_record() {
        client.withKeys("AKUNKNOWN", "x").list("");

        var call = emulator.ledger().last();

        assertThat(call.accessKey()).isEqualTo("AKUNKNOWN");
        assertThat(call.account()).isEmpty();
        assertThat(call.status()).isEqualTo("401");
        assertThat(call.errorCode()).isEqualTo("APIGW.0301");
    }

    @Test
    void no_key_material_is_in_ledger_or_state() {
        var issued = TestCertificates.CA.issue("www.example.com");
        client.importCertificate("web-0001", issued);
        client.post("/v3/scm/certificates/import",
                new JsonObject().put("name", "refused-0001").put("private_key", issued.privateKey()));

        var ledger = client.control("GET", "ledger", null).body();
        var state = client.control("GET", "state", null).body();

        assertThat(ledger + state).doesNotContain("BEGIN", issued.privateKey().split("\n")[1],
                issued.certificate().split("\n")[1],
                ScmEmulator.SECRET_KEY);
        assertThat(ledger).contains("web-0001", "refused-0001");
        assertThat(state).contains(sha1(issued));
    }

    static String sha1(TestCertificates.Issued issued) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(issued.leaf().getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
