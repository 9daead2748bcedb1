package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

class PushSwitchesTest {

    private static final String PROJECT = "cn-north-4";
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
    void push_can_succeed_in_three_ways() {
        var id = client.imported("web-0001");

        assertThat(client.push(id, "ELB", PROJECT).status()).isEqualTo(204);
        turn(Switch.PUSH_SUCCESS, "200-object");
        assertThat(client.push(id, "ELB", PROJECT)).extracting(EmulatorClient.Reply::status, EmulatorClient.Reply::body)
                .containsExactly(200, "{}");
        turn(Switch.PUSH_SUCCESS, "200-empty");
        var empty = client.push(id, "ELB", PROJECT);
        assertThat(empty.status()).isEqualTo(200);
        assertThat(empty.body()).isEmpty();
        assertThat(empty.header("Content-Type")).isEmpty();
    }

    @Test
    void repeated_push_copies_again_or_is_refused_or_returns_the_same_id() {
        var id = client.imported("web-0001");
        var first = batchId(id);
        assertThat(batchId(id)).isNotEqualTo(first);
        assertThat(emulator.ledger().pushes(id, Service.ELB, PROJECT)).isEqualTo(2);

        turn(Switch.PUSH_REPEAT, "same-id");
        assertThat(batchId(id)).isEqualTo(first);
        assertThat(emulator.ledger().last().made(Effect.Kind.UNCHANGED)).isTrue();
        assertThat(emulator.account().copies(Service.ELB, PROJECT)).hasSize(2);

        turn(Switch.PUSH_REPEAT, "refuse");
        assertThat(client.push(id, "ELB", PROJECT).errorCode()).isEqualTo("SCM.0201");
        client.push(id, "WAF", PROJECT);
        var refused = client.push(id, "WAF", PROJECT);
        assertThat(refused.errorCode()).isEqualTo("SCM.0221");
        assertThat(refused.errorMessage()).startsWith("WAF error message:");
    }

    @Test
    void failed_item_has_an_empty_a_null_or_no_id() {
        var id = client.imported("web-0001");

        assertThat(failedItem(id).getString("cert_id")).isEmpty();
        turn(Switch.BATCH_FAILED_ID, "null");
        assertThat(failedItem(id).containsKey("cert_id")).isTrue();
        assertThat(failedItem(id).getValue("cert_id")).isNull();
        turn(Switch.BATCH_FAILED_ID, "absent");
        assertThat(failedItem(id).containsKey("cert_id")).isFalse();
        assertThat(failedItem(id).getString("message")).isEqualTo("Invalid region id.");
    }

    @Test
    void batch_push_to_cdn_works_or_is_refused() {
        var id = client.imported("web-0001");

        assertThat(client.batchPush(id, "CDN", "global").json().getJsonArray("results").getJsonObject(0).getString("cert_id"))
                .isNotEmpty();
        turn(Switch.BATCH_CDN, "refuse");
        assertThat(client.batchPush(id, "CDN", "global").errorCode()).isEqualTo("SCM.0030");
    }

    @Test
    void push_to_cdn_can_need_a_delegation() {
        var id = client.imported("web-0001");
        turn(Switch.CDN_DELEGATION, "needed");

        var refused = client.push(id, "CDN", "");

        assertThat(refused.errorCode()).isEqualTo("SCM.0211");
        assertThat(refused.errorMessage()).startsWith("CDN error message:").contains("CDN.00010198");
    }

    @Test
    void push_can_move_the_update_time() {
        var older = client.imported("web-0001");
        emulator.clock().shift(Duration.ofSeconds(1));
        var newer = client.imported("web-0002");
        emulator.clock().shift(Duration.ofSeconds(2));

        client.push(older, "ELB", PROJECT);
        assertThat(client.listedIds("")).containsExactly(newer, older);
        turn(Switch.UPDATE_TIME_ON_PUSH, "yes");
        client.push(older, "ELB", PROJECT);
        assertThat(client.listedIds("")).containsExactly(older, newer);
    }

    @Test
    void copy_in_elb_names_its_origin_or_not() {
        var id = client.imported("web-0001");
        client.push(id, "ELB", PROJECT);
        turn(Switch.ELB_SCM_ID, "empty");
        client.push(id, "ELB", PROJECT);

        assertThat(emulator.account().copies(Service.ELB, PROJECT)).extracting(TargetCopy::scmCertificateId).containsExactly(id,
                "");
    }

    @Test
    void status_of_business_errors_follows_the_table_or_is_500_or_goes_by_kind() {
        var id = client.imported("web-0001");
        emulator.account().deny(Service.WAF);

        assertThat(client.push(id, "OBS", PROJECT).status()).isEqualTo(400);
        turn(Switch.BUSINESS_STATUS, "500");
        assertThat(client.push(id, "OBS", PROJECT).status()).isEqualTo(500);
        turn(Switch.BUSINESS_STATUS, "v3-pages");
        assertThat(client.push(id, "OBS", PROJECT).status()).isEqualTo(500);
        assertThat(client.push(id, "ELB", "nowhere-1").status()).isEqualTo(404);
        assertThat(client.push(id, "WAF", PROJECT).status()).isEqualTo(403);
    }

    @Test
    void gateway_prefix_can_be_that_of_a_dedicated_gateway() {
        turn(Switch.GATEWAY_PREFIX, "APIG");

        assertThat(client.send("GET", "/v3/other", null).errorCode()).isEqualTo("APIG.0101");
        assertThat(client.withKeys("AKUNKNOWN", "x").list("").errorCode()).isEqualTo("APIG.0301");
    }

    @Test
    void skewed_clock_can_look_like_a_wrong_signature() {
        turn(Switch.CLOCK_SKEW, "APIGW.0301");

        var refused = client.withHeader("X-Sdk-Date", "20240102T030405Z").list("");

        assertThat(refused.errorCode()).isEqualTo("APIGW.0301");
        assertThat(refused.errorMessage()).contains("verify aksk signature fail");
    }

    @Test
    void key_lock_can_be_off() {
        turn(Switch.AK_LOCK, "off");
        for (var failure = 0; failure < 7; failure++) {
            client.withKeys(ScmEmulator.ACCESS_KEY, "wrong").list("");
        }

        assertThat(client.list("").status()).isEqualTo(200);
    }

    @Test
    void account_header_is_ignored_or_checked() {
        var other = client.withHeader("X-Domain-Id", "other");

        assertThat(other.list("").status()).isEqualTo(200);
        turn(Switch.DOMAIN_HEADER, "check");
        assertThat(other.list("").status()).isEqualTo(403);
        assertThat(other.list("").errorCode()).isEqualTo("SCM.0002");
        assertThat(client.withHeader("X-Domain-Id", ScmEmulator.DOMAIN_ID).list("").status()).isEqualTo(200);
        assertThat(client.list("").status()).as("no header").isEqualTo(200);
    }

    @Test
    void rate_limits_each_operation_of_an_account_per_window() {
        turn(Switch.RATE, "2/minute");
        client.list("");
        client.list("");

        var throttled = client.list("");
        assertThat(throttled.status()).isEqualTo(429);
        assertThat(throttled.errorCode()).isEqualTo("APIGW.0308");
        assertThat(throttled.errorMessage()).endsWith("policy user over ratelimit,limit:2,time:1 minute");
        assertThat(client.show("scs1").status()).as("another operation").isEqualTo(404);
        emulator.clock().shift(Duration.ofSeconds(61));
        assertThat(client.list("").status()).isEqualTo(200);
    }

    private static void turn(Switch which, String value) {
        emulator.switches().set(which, value);
    }

    private static String batchId(String id) {
        return client.batchPush(id, "ELB", PROJECT).json().getJsonArray("results").getJsonObject(0).getString("cert_id");
    }

    private static JsonObject failedItem(String id) {
        return client.batchPush(id, "ELB", "nowhere-1").json().getJsonArray("results").getJsonObject(0);
    }
}
