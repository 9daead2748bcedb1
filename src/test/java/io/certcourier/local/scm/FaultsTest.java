package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.vertx.core.json.JsonObject;

/** Faults that answer; those that break the connection are in {@link BrokenConnectionTest}. */
class FaultsTest {

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

    @ParameterizedTest
    @CsvSource({ "500, json, APIGW.0601", "502, html, ''", "503, text, ''", "504, empty, ''" })
    void status_comes_with_any_body_and_without_effect(int status, String body, String code) {
        strike(Fault.of(FaultKind.STATUS).with("status", status).with("body", body).with("headers",
                new JsonObject().put("Via", "proxy")));

        var reply = client.importCertificate("web-0001", TestCertificates.CA.issue("a.example"));

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.header("Via")).isEqualTo("proxy");
        assertThat(reply.body().isEmpty()).isEqualTo(body.equals("empty"));
        assertThat(emulator.ledger().last().errorCode()).isEqualTo(code);
        assertThat(emulator.ledger().created("web-0001")).isEmpty();
    }

    @Test
    void status_can_come_after_the_effect_and_with_any_code() {
        strike(Fault.of(FaultKind.STATUS).with("after-effect", true).with("status", 400).with("code", "SCM.0201")
                .with("message", "ELB error message: quota exceeded"));

        var reply = client.importCertificate("web-0001", TestCertificates.CA.issue("a.example"));

        assertThat(reply.errorCode()).isEqualTo("SCM.0201");
        assertThat(reply.errorMessage()).isEqualTo("ELB error message: quota exceeded");
        assertThat(emulator.ledger().created("web-0001")).hasSize(1);
    }

    @Test
    void html_page_comes_with_status_200() {
        strike(Fault.of(FaultKind.HTML_200));

        var reply = client.list("");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("text/html");
        assertThat(reply.body()).startsWith("<html>");
    }

    @Test
    void throttling_comes_with_and_without_retry_after_in_seconds_and_minutes() {
        strike(Fault.of(FaultKind.THROTTLED),
                Fault.of(FaultKind.THROTTLED).with("retry-after", "7").with("limit", 5).with("window", "1 second"));

        var minute = client.list("");
        var second = client.list("");

        assertThat(minute.status()).isEqualTo(429);
        assertThat(minute.header("Retry-After")).isEmpty();
        assertThat(minute.errorMessage()).isEqualTo(
                "The throttling threshold has been reached: policy user over ratelimit,limit:20,time:1 minute");
        assertThat(second.header("Retry-After")).isEqualTo("7");
        assertThat(second.errorMessage()).endsWith("limit:5,time:1 second");
    }

    @ParameterizedTest
    @EnumSource
    void denial_answers_401_or_403(Denial reason) {
        strike(Fault.denied(reason));

        var reply = client.list("");

        assertThat(reply.status()).isIn(401, 403);
        assertThat(reply.json().fieldNames()).containsAnyOf("error_code", "error");
        assertThat(client.list("").status()).as("the key is not locked").isEqualTo(200);
    }

    @Test
    void body_can_be_truncated_malformed_or_mislabelled() {
        strike(Fault.of(FaultKind.TRUNCATED_JSON), Fault.of(FaultKind.MALFORMED_JSON), Fault.of(FaultKind.WRONG_CONTENT_TYPE),
                Fault.of(FaultKind.MISSING_CONTENT_TYPE));

        assertThat(client.list("").body()).startsWith("{").doesNotEndWith("}");
        assertThat(client.list("").body()).startsWith("{{");
        assertThat(client.list("").header("Content-Type")).isEqualTo("text/plain");
        assertThat(client.list("").header("Content-Type")).isEmpty();
        assertThat(client.list("").header("Content-Type")).isEqualTo("application/json;charset=UTF-8");
    }

    @Test
    void import_can_succeed_without_an_id() {
        strike(Fault.of(FaultKind.IMPORT_WITHOUT_ID));

        var reply = client.importCertificate("web-0001", TestCertificates.CA.issue("a.example"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{}");
        assertThat(emulator.ledger().created("web-0001")).hasSize(1);
    }

    @Test
    void item_of_a_batch_can_fail_or_be_left_out() {
        var id = client.imported("web-0001");
        strike(Fault.of(FaultKind.BATCH_ITEM_FAILED).target(Service.ELB, "cn-east-3").with("message", "busy"),
                Fault.of(FaultKind.BATCH_ITEM_MISSING).target(Service.WAF, "cn-east-3"));

        var failed = client.batchPush(id, "ELB", "cn-north-4", "cn-east-3").json().getJsonArray("results");
        var missing = client.batchPush(id, "WAF", "cn-north-4", "cn-east-3").json().getJsonArray("results");

        assertThat(failed.getJsonObject(0).getString("message")).isEqualTo("success");
        assertThat(failed.getJsonObject(1).getString("cert_id")).isEmpty();
        assertThat(failed.getJsonObject(1).getString("message")).isEqualTo("ELB error message: busy");
        assertThat(emulator.ledger().pushes(id, Service.ELB, "cn-east-3")).isZero();
        assertThat(missing).hasSize(1);
        assertThat(emulator.ledger().pushes(id, Service.WAF, "cn-east-3")).isEqualTo(1);
    }

    @Test
    void list_can_lie() {
        var first = client.imported("web-0001");
        client.imported("web-0002");
        strike(Fault.of(FaultKind.LIST_LAG).with("seconds", 60), Fault.of(FaultKind.LIST_EMPTY),
                Fault.of(FaultKind.LIST_REPEATED),
                Fault.of(FaultKind.LIST_WRONG_TOTAL).with("total", 77));

        assertThat(client.list("").json().getInteger("total_count")).as("lag").isZero();
        var empty = client.list("").json();
        assertThat(empty.getJsonArray("certificates")).isEmpty();
        assertThat(empty.getInteger("total_count")).isEqualTo(2);
        assertThat(client.listedIds("sort_dir=ASC")).containsExactly(first, first);
        assertThat(client.list("").json().getInteger("total_count")).isEqualTo(77);
    }

    @Test
    void list_can_be_endless() {
        strike(Fault.of(FaultKind.LIST_ENDLESS).times(0));

        var first = client.listedIds("limit=50&offset=0");
        var second = client.listedIds("limit=50&offset=50");

        assertThat(first).hasSize(50).doesNotHaveDuplicates().doesNotContainAnyElementsOf(second);
        assertThat(second).hasSize(50);
    }

    @Test
    void certificates_can_appear_vanish_and_expire_before_a_call() {
        var id = client.imported("web-0001");
        strike(Fault.of(FaultKind.SECOND_CERTIFICATE).on(Operation.LIST).with("name", "web-0001"),
                Fault.of(FaultKind.CERTIFICATE_EXPIRED).on(Operation.PUSH),
                Fault.of(FaultKind.CERTIFICATE_DELETED).on(Operation.SHOW));

        assertThat(client.listedIds("")).hasSize(2).contains(id);
        assertThat(client.push(id, "ELB", "cn-north-4").errorCode()).isEqualTo("SCM.0010");
        assertThat(client.show(id).status()).isEqualTo(404);
        assertThat(emulator.ledger().last().fault()).isEqualTo("certificate-deleted");
    }

    @Test
    void count_of_deployed_resources_can_be_unreliable() {
        strike(Fault.of(FaultKind.DEPLOYED_IS_ERROR));
        var asked = new JsonObject().put("certificate_ids", List.of("scs1")).put("service_names", List.of("ELB"));

        assertThat(client.post("/v3/scm/deployed-resources", asked).body()).contains("\"is_error\":true");
    }

    private static void strike(Fault... faults) {
        emulator.faults().add(faults);
    }
}
