package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

class AdmissionTest {

    private static final String TEMPORARY_KEY = "AKTEMPORARY000000001";
    private static final String TEMPORARY_SECRET = "SKtemporary0Secret00000000000000000000001";
    private static ScmEmulator emulator;
    private static EmulatorClient client;

    @BeforeAll
    static void start() {
        emulator = ScmEmulator.start(0);
        emulator.addAccount(new EmulatedAccount("temporary", "d2", Set.of("cn-north-4"))
                .withTemporaryKey(TEMPORARY_KEY, TEMPORARY_SECRET, "session+token/==").withIamToken("iam-token"));
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
    void unknown_path_or_method_is_no_api() {
        assertRefused(client.send("GET", "/v3/scm/csr", null), 404, "APIGW.0101", "does not exist");
        assertRefused(client.send("PUT", "/v3/scm/certificates", "{}"), 404, "APIGW.0101", "does not exist");
        assertRefused(client.send("POST", "/v3/scm/certificates/scs1/apply", "{}"), 404, "APIGW.0101", "does not exist");
    }

    @Test
    void call_without_authorization_is_refused() {
        assertRefused(client.unsigned("GET", "/v3/scm/certificates", null, Map.of()), 401, "APIGW.0301",
                "x-auth-token not found");
    }

    @Test
    void malformed_authorization_is_refused() {
        var malformed = Map.of("Authorization", "SDK-HMAC-SHA256 Access=" + ScmEmulator.ACCESS_KEY);

        assertRefused(client.unsigned("GET", "/v3/scm/certificates", null, malformed), 401, "APIGW.0301",
                "verify aksk signature fail");
    }

    @Test
    void host_must_be_signed() {
        var headers = Map.of("X-Sdk-Date", "20260101T000000Z", "Authorization", "SDK-HMAC-SHA256 Access="
                + ScmEmulator.ACCESS_KEY + ", SignedHeaders=x-sdk-date, Signature=" + "0".repeat(64));

        assertRefused(client.unsigned("GET", "/v3/scm/certificates", null, headers), 401, "APIGW.0301",
                "verify aksk signature fail");
    }

    @Test
    void unknown_access_key_is_refused() {
        assertRefused(client.withKeys("AKUNKNOWN", "whatever").list(""), 401, "APIGW.0301",
                "Get secretKey failed,ak:AKUNKNOWN,err:ak not exist");
    }

    @Test
    void wrong_secret_key_is_refused() {
        assertRefused(client.withKeys(ScmEmulator.ACCESS_KEY, "wrong").list(""), 401, "APIGW.0301",
                "Incorrect IAM authentication information: verify aksk signature fail");
    }

    @Test
    void sixth_failure_in_a_row_locks_the_key_for_five_minutes() {
        var wrong = client.withKeys(ScmEmulator.ACCESS_KEY, "wrong");
        for (var failure = 0; failure < 5; failure++) {
            wrong.list("");
        }
        assertThat(client.list("").status()).as("five failures, then a success").isEqualTo(200);
        for (var failure = 0; failure < 6; failure++) {
            wrong.list("");
        }

        var locked = client.list("");
        emulator.clock().shift(Duration.ofSeconds(301));
        var later = client.list("");

        assertRefused(locked, 401, "APIGW.0301", "AK access failed to reach the limit,forbidden");
        assertThat(later.status()).isEqualTo(200);
    }

    @Test
    void test_can_lock_a_key() {
        emulator.account().lock(ScmEmulator.ACCESS_KEY, emulator.clock().instant().plusSeconds(60));

        assertRefused(client.list(""), 401, "APIGW.0301", "AK access failed to reach the limit,forbidden");
    }

    @Test
    void date_more_than_fifteen_minutes_off_is_refused_with_both_times() {
        var old = client.withHeader("X-Sdk-Date", "20240102T030405Z").list("");

        assertRefused(old, 401, "APIGW.0303", "signature expired, signature time:20240102T030405Z,server time:");
        assertThat(old.header("Date")).endsWith("GMT");
    }

    @Test
    void date_within_fifteen_minutes_is_accepted() {
        var signed = client.withHeader("X-Sdk-Date", "20260102T030405Z");
        emulator.clock().set(Instant.parse("2026-01-02T03:19:00Z"));

        assertThat(signed.list("").status()).isEqualTo(200);
    }

    @Test
    void temporary_key_needs_its_security_token() {
        var temporary = client.withKeys(TEMPORARY_KEY, TEMPORARY_SECRET);

        assertThat(temporary.withHeader("X-Security-Token", "session+token/==").list("").status()).isEqualTo(200);
        assertRefused(temporary.list(""), 401, "APIGW.0301", "security token");
        assertRefused(temporary.withHeader("X-Security-Token", "other").list(""), 401, "APIGW.0301", "security token");
    }

    @Test
    void an_account_has_several_keys_each_with_its_own_end() {
        var end = emulator.clock().instant().plusSeconds(60);
        emulator.account("temporary").withTemporaryKey("AKSHORT0000000000001", "short", "token", end)
                .withTemporaryKey("AKLONG00000000000001", "long", "token", end.plusSeconds(60));
        var shortLived = client.withKeys("AKSHORT0000000000001", "short").withHeader("X-Security-Token", "token");
        var longLived = client.withKeys("AKLONG00000000000001", "long").withHeader("X-Security-Token", "token");
        assertThat(shortLived.list("").status()).isEqualTo(200);

        emulator.clock().shift(Duration.ofSeconds(61));

        assertRefused(shortLived.list(""), 401, "APIGW.0301", "expired");
        assertThat(longLived.list("").status()).isEqualTo(200);
    }

    @Test
    void revoked_key_is_as_if_it_had_never_been() {
        emulator.account("temporary").withKey("AKREVOKED00000000001", "secret");
        var caller = client.withKeys("AKREVOKED00000000001", "secret");
        assertThat(caller.list("").status()).isEqualTo(200);

        emulator.account("temporary").revoke("AKREVOKED00000000001");

        assertRefused(caller.list(""), 401, "APIGW.0301", "Get secretKey failed,ak:AKREVOKED00000000001,err:ak not exist");
    }

    @Test
    void iam_token_replaces_the_signature() {
        var known = client.unsigned("GET", "/v3/scm/certificates", null, Map.of("X-Auth-Token", "iam-token"));
        var unknown = client.unsigned("GET", "/v3/scm/certificates", null, Map.of("X-Auth-Token", "other"));

        assertThat(known.status()).isEqualTo(200);
        assertRefused(unknown, 401, "APIGW.0301", "decrypt token fail");
    }

    @Test
    void account_that_may_not_is_refused_with_its_own_code() {
        emulator.account().freeze(true);
        var frozen = client.list("");
        emulator.account().freeze(false);
        emulator.account().restrict(true);
        var restricted = client.list("");
        emulator.account().permitAll();
        emulator.account().deny(Operation.LIST);
        var denied = client.list("");

        assertRefused(frozen, 401, "SCM.1010", "frozen");
        assertRefused(restricted, 401, "SCM.1009", "restricted");
        assertRefused(denied, 401, "SCM.4002", "permission");
        assertThat(client.show("scs1").status()).as("other operations").isEqualTo(404);
    }

    @Test
    void oversize_requests_are_refused_by_the_gateway() {
        assertRefused(client.post("/v3/scm/certificates/import", new JsonObject().put("name", "x".repeat(12 << 20))),
                413, "APIGW.0201", "entity");
        assertRefused(client.list("content=" + "x".repeat(33_000)), 414, "APIGW.0201", "URI");
        assertRefused(client.withHeader("X-Long", "x".repeat(33_000)).list(""), 494, "APIGW.0201", "header");
    }

    @Test
    void gateway_refusals_carry_the_request_id_in_header_and_body() {
        var reply = client.withKeys("AKUNKNOWN", "whatever").list("");

        assertThat(reply.header("X-Request-Id")).matches("[0-9a-f]{32}").isEqualTo(reply.json().getString("request_id"));
        assertThat(reply.header("Content-Type")).isEqualTo("application/json;charset=UTF-8");
    }

    private static void assertRefused(EmulatorClient.Reply reply, int status, String code, String text) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.errorCode()).isEqualTo(code);
        assertThat(reply.errorMessage()).contains(text);
    }
}
