package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

class PushTest {

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
    void push_copies_and_binds_nothing() {
        var id = client.imported("web-0001");

        var reply = client.push(id, "elb", "cn-north-4");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.body()).isEmpty();
        assertThat(emulator.account().copies(Service.ELB, "cn-north-4")).singleElement().satisfies(copy -> {
            assertThat(copy.id()).matches("[0-9a-f]{32}");
            assertThat(copy.certificateId()).isEqualTo(id);
            assertThat(copy.name()).isEqualTo("web-0001");
        });
        assertThat(emulator.account().bindings()).isEmpty();
    }

    @Test
    void push_is_refused_with_the_code_of_its_cause() {
        var id = client.imported("web-0001");
        emulator.account().deny(Service.WAF);

        assertThat(client.push(id, "OBS", "cn-north-4").errorCode()).isEqualTo("SCM.0030");
        assertThat(client.push("scs1", "ELB", "cn-north-4").status()).isEqualTo(404);
        assertThat(client.push(id, "ELB", "").errorCode()).isEqualTo("SCM.0069");
        assertThat(client.push(id, "ELB", "nowhere-1").errorCode()).isEqualTo("SCM.0069");
        assertThat(client.push(id, "WAF", "cn-north-4").errorCode()).isEqualTo("SCM.0222");
        emulator.account().setStatus(id, "REVOKED");
        assertThat(client.push(id, "ELB", "cn-north-4").errorCode()).isEqualTo("SCM.0010");
        assertThat(emulator.ledger().targetsReached(id)).isEmpty();
    }

    @Test
    void cdn_takes_a_certificate_once_and_a_name_once() {
        var first = client.imported("web-0001");
        var sameName = client.imported("web-0001");

        var pushed = client.push(first, "CDN", "");
        var repeated = client.push(first, "CDN", "cn-north-4");
        var named = client.push(sameName, "CDN", "");

        assertThat(pushed.status()).isEqualTo(204);
        assertThat(repeated.errorCode()).isEqualTo("SCM.0211");
        assertThat(repeated.errorMessage()).isEqualTo("CDN error message: cloudCertificate is exist");
        assertThat(named.errorCode()).isEqualTo("SCM.0211");
        assertThat(emulator.account().copies(Service.CDN, "")).hasSize(1);
    }

    @Test
    void batch_push_answers_per_project() {
        var id = client.imported("web-0001");

        var results = client.batchPush(id, "WAF", "cn-north-4", "nowhere-1", "cn-east-3").json().getJsonArray("results");

        assertThat(results.stream().map(result -> ((JsonObject) result).getString("message"))).containsExactly("success",
                "Invalid region id.", "success");
        assertThat(results.getJsonObject(1).getString("cert_id")).isEmpty();
        assertThat(results.getJsonObject(2).getString("cert_id"))
                .isEqualTo(emulator.account().copies(Service.WAF, "cn-east-3").get(0).id());
    }

    @Test
    void batch_push_takes_one_to_ten_projects_of_at_most_32_characters() {
        var id = client.imported("web-0001");
        var eleven = IntStream.range(0, 11).mapToObj(at -> "p" + at).toArray(String[]::new);

        for (var projects : List.of(eleven, new String[0], new String[] { "" }, new String[] { "p".repeat(33) })) {
            assertThat(client.batchPush(id, "ELB", projects).errorCode()).isEqualTo("SCM.0005");
        }
        assertThat(client.batchPush(id, "OBS", "cn-north-4").errorCode()).isEqualTo("SCM.0030");
        assertThat(client.batchPush("scs1", "ELB", "cn-north-4").status()).isEqualTo(404);
    }

    @Test
    void body_that_is_no_json_object_is_refused() {
        var id = client.imported("web-0001");

        assertThat(client.send("POST", "/v3/scm/certificates/" + id + "/push", "{").errorCode()).isEqualTo("SCM.0005");
        assertThat(client.send("POST", "/v3/scm/certificates/" + id + "/push", "[]").errorCode()).isEqualTo("SCM.0005");
        assertThat(client.send("POST", "/v3/scm/certificates/" + id + "/push", "{}").errorCode()).isEqualTo("SCM.0005");
    }

    @Test
    void export_takes_a_body_too() {
        var id = client.imported("web-0001");

        assertThat(client.send("POST", "/v3/scm/certificates/" + id + "/export", "{}").status()).isEqualTo(200);
    }
}
