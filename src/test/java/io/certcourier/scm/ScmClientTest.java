package io.certcourier.scm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.certcourier.certificate.Target;
import io.certcourier.scm.ScmCall.Outcome;

class ScmClientTest {

    private static final String ID = "scs1600313391074";
    private static final Target CDN = Target.parse("CDN");
    private static final Target ELB = Target.parse("ELB@cn-north-4");
    private static final Target ELB_EAST = Target.parse("ELB@cn-east-3");

    private final PlainConnections connections = new PlainConnections(Duration.ofSeconds(10));
    private final ExecutorService threads = Executors.newFixedThreadPool(12);
    private WireServer server;

    @BeforeEach
    void start() throws IOException {
        server = new WireServer();
    }

    @AfterEach
    void stop() throws IOException {
        threads.shutdownNow();
        connections.close();
        server.close();
    }

    private ScmClient client() {
        return Scm.aConfig().at(server.uri()).client(Clock.systemUTC(), connections);
    }

    private static ScmAnswer<String> importWith(ScmClient client) {
        return client.importCertificate("prod", "cr-shop-0123456789abcdef01234567", "leaf\nPEM", "chain\nPEM", Scm.aKey());
    }

    private PushCall pushOf(Target... targets) {
        ScmOperation operation = targets[0].equals(CDN) ? ScmOperation.PUSH : ScmOperation.BATCH_PUSH;
        return new PushCall(operation, targets[0].service(), List.of(targets));
    }

    @Test
    void an_import_sends_the_documented_json_and_returns_the_id() {
        server.then(200, "{\"certificate_id\":\"" + ID + "\"}", "X-Request-Id: 4f3c1f2bd2a14d3a8cbd2d9ab3cbcd93");

        ScmAnswer<String> answer = importWith(client());

        assertThat(answer).isEqualTo(new ScmAnswer<>(ID, 200, "4f3c1f2bd2a14d3a8cbd2d9ab3cbcd93", null));
        WireServer.Request request = server.request();
        assertThat(request.method() + " " + request.target()).isEqualTo("POST /v3/scm/certificates/import");
        assertThat(request.headers()).containsEntry("content-type", "application/json");
        assertThat(ScmJson.tree(request.body())).contains(ScmJson.tree("""
                {"name":"cr-shop-0123456789abcdef01234567","certificate":"leaf\\nPEM","certificate_chain":"chain\\nPEM",
                 "private_key":"%s","duplicate_check":false}""".formatted(Scm.KEY_PEM.replace("\n", "\\n"))
                .getBytes(StandardCharsets.UTF_8)).orElseThrow());
    }

    @Test
    void an_import_goes_into_the_configured_enterprise_project() {
        server.then(201, "{\"certificate_id\":\"" + ID + "\"}");
        ScmClient client = Scm.aConfig().at(server.uri()).withAccount("enterprise-project-id", "0").client(Clock.systemUTC(),
                connections);

        importWith(client);

        assertThat(server.request().text()).contains("\"enterprise_project_id\":\"0\"");
    }

    @Test
    void what_is_signed_is_what_is_on_the_wire() {
        server.then(200, "{}").then(200, "{\"certificates\":[],\"total_count\":0}").then(404, "").then(204, "");
        ScmClient client = Scm.aConfig().at(server.uri()).withAccount("security-token", Scm.TOKEN)
                .withAccount("domain-id", "0123456789abcdef0123456789abcdef").withAccount("project-id", "fedcba98")
                .client(Clock.systemUTC(), connections);

        assertThatThrownBy(() -> importWith(client)).isInstanceOf(ScmFailure.Unavailable.class);
        client.list("prod", 50);
        client.show("prod", "scs 15*~é/+%2F");
        client.push("prod", "scs 15*~é/+%2F", pushOf(CDN));

        assertThat(server.requests()).hasSize(4).allSatisfy(request -> {
            assertThat(request.headers()).containsEntry("host", server.uri().getAuthority())
                    .containsEntry("x-security-token", Scm.TOKEN).containsEntry("x-project-id", "fedcba98")
                    .containsEntry("x-domain-id", "0123456789abcdef0123456789abcdef");
            assertThat(request.headers().get("authorization")).isEqualTo(signedAgain(request));
        });
        assertThat(server.requests()).extracting(WireServer.Request::target).doesNotHaveDuplicates();
    }

    /** As a verifier does it: from what arrived, and the headers that the request says are signed. */
    private String signedAgain(WireServer.Request request) {
        String sent = request.headers().get("authorization");
        Map<String, String> signed = new TreeMap<>();
        Stream.of(sent.replaceAll(".*SignedHeaders=([^,]*),.*", "$1").split(";"))
                .forEach(name -> signed.put(name, request.headers().get(name)));
        assertThat(signed).containsKeys("host", "x-sdk-date", "x-domain-id", "x-project-id", "x-security-token");
        return new RequestSigner(Scm.ACCESS_KEY, Scm.SECRET_KEY).authorization(request.method(),
                URI.create(server.uri() + request.target()), signed, request.body());
    }

    @Test
    void a_list_asks_for_fifty_by_last_change() {
        server.then(200, """
                {"certificates":[{"id":"a","name":"n","status":"UPLOAD","brand":null,"new_field":[1]},{"id":null},null,
                 {"id":"b","name":null,"status":null}],"total_count":7,"more":{}}""");

        ScmAnswer<CertificatePage> answer = client().list("prod", 50);

        assertThat(server.request().target())
                .isEqualTo("/v3/scm/certificates?limit=50&offset=50&sort_key=certUpdateTime&sort_dir=DESC");
        assertThat(answer.value()).isEqualTo(new CertificatePage(List.of(new CertificatePage.Listed("a", "n", "UPLOAD"),
                new CertificatePage.Listed("b", null, null)), 7));
    }

    @Test
    void a_list_without_certificates_is_no_proof_that_there_are_none() {
        server.then(200, "{}").then(200, "{\"certificates\":null,\"total_count\":3}").then(200, "<html>hello</html>")
                .then(200, "{\"certificates\":[{\"id\":\"a\"");
        ScmClient client = client();

        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> client.list("prod", 0)).isInstanceOf(ScmFailure.Unavailable.class);
        }
    }

    @Test
    void a_shown_fingerprint_has_no_colons_and_no_capitals() {
        server.then(200, "{\"id\":\"" + ID + "\",\"name\":\"n\",\"status\":\"UPLOAD\",\"fingerprint\":\"18:5D:68\"}");

        ScmAnswer<java.util.Optional<ShownCertificate>> answer = client().show("prod", ID);

        assertThat(server.request().target()).isEqualTo("/v3/scm/certificates/" + ID);
        assertThat(answer.value()).contains(new ShownCertificate(ID, "n", "UPLOAD", "185d68"));
    }

    @Test
    void an_unknown_id_is_no_failure_of_show() {
        server.then(404, "").then(404, "{\"error_code\":\"SCM.9999\",\"error_msg\":\"what\"}")
                .then(400, "{\"error_code\":\"SCM.0008\",\"error_msg\":\"x\"}")
                .then(400, "{\"error_code\":\"SCM.0020\",\"error_msg\":\"x\"}");
        ScmClient client = client();

        for (int i = 0; i < 4; i++) {
            assertThat(client.show("prod", ID).value()).isEmpty();
        }
    }

    @Test
    void an_endpoint_that_knows_no_scm_does_not_make_certificates_vanish() {
        server.then(404, "{\"error_code\":\"APIGW.0101\",\"error_msg\":\"The API does not exist\"}");
        ScmClient client = client();

        assertThatThrownBy(() -> client.show("prod", ID)).isInstanceOf(ScmFailure.Denied.class);
    }

    @Test
    void any_success_of_a_single_push_is_one_whatever_its_body() {
        server.then(204, "").then(200, "{ }").then(200, "").then(201, "done");
        ScmClient client = client();

        for (int i = 0; i < 4; i++) {
            assertThat(client.push("prod", ID, pushOf(CDN)).value()).isEqualTo(Map.of(CDN, new PushResult.Pushed(null)));
        }
        assertThat(server.request().target()).isEqualTo("/v3/scm/certificates/" + ID + "/push");
        assertThat(server.request().text()).isEqualTo("{\"target_project\":\"\",\"target_service\":\"CDN\"}");
    }

    /** What a captive portal or a proxy's error page looks like. */
    @Test
    void a_page_with_status_200_is_no_answer_of_scm() {
        server.then(200, "<!DOCTYPE html><title>Sign in</title>").then(200, "\uFEFF\r\n <html/>");
        ScmClient client = client();

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> client.push("prod", ID, pushOf(CDN))).isInstanceOf(ScmFailure.Unavailable.class);
        }
    }

    @Test
    void a_batch_push_is_judged_item_by_item() {
        Target unnamed = Target.parse("ELB@cn-south-1");
        Target busy = Target.parse("ELB@cn-north-1");
        Target there = Target.parse("ELB@cn-north-9");
        Target gone = Target.parse("ELB@cn-north-8");
        server.then(200, """
                {"results":[{"project_name":"cn-north-4","cert_id":"copy1","message":"success"},
                 {"project_name":"cn-east-3","cert_id":"","message":"Invalid region id."},
                 {"project_name":"cn-north-1","cert_id":null,"message":"ELB is busy"},
                 {"project_name":"cn-north-9","message":"certificate already exists"},
                 {"project_name":"cn-north-8","message":"project does not exist"}, null, {"project_name":"other"}]}""");

        Map<Target, PushResult> results = client()
                .push("prod", ID, pushOf(ELB, ELB_EAST, unnamed, busy, there, gone)).value();

        assertThat(server.request().target()).isEqualTo("/v3/scm/certificates/" + ID + "/batch-push");
        assertThat(server.request().text()).isEqualTo("{\"target_projects\":[\"cn-north-4\",\"cn-east-3\",\"cn-south-1\","
                + "\"cn-north-1\",\"cn-north-9\",\"cn-north-8\"],\"target_service\":\"ELB\"}");
        assertThat(results).containsOnlyKeys(ELB, ELB_EAST, unnamed, busy, there, gone);
        assertThat(results.get(ELB)).isEqualTo(new PushResult.Pushed("copy1"));
        assertThat(results.get(there)).isEqualTo(new PushResult.Present());
        assertRefused(results.get(ELB_EAST), ScmFailure.Rejected.class, "PROJECT_UNKNOWN", "Invalid region id.");
        assertRefused(results.get(busy), ScmFailure.NotDone.class, "TARGET_FAILED", "ELB is busy");
        assertRefused(results.get(gone), ScmFailure.NotDone.class, "TARGET_FAILED", "project does not exist");
        assertRefused(results.get(unnamed), ScmFailure.Unavailable.class, "PROVIDER_UNAVAILABLE", null);
    }

    private static void assertRefused(PushResult result, Class<? extends ScmFailure> type, String reason, String text) {
        assertThat(result).isInstanceOfSatisfying(PushResult.Refused.class, refused -> {
            assertThat(refused.cause()).isInstanceOf(type);
            assertThat(refused.cause().details().reasonCode()).isEqualTo(reason);
            assertThat(refused.cause().details().text()).isEqualTo(text);
        });
    }

    @Test
    void a_batch_push_without_results_is_an_unknown_outcome() {
        server.then(200, "{}").then(204, "").then(200, "{\"results\":{}}");
        ScmClient client = client();

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> client.push("prod", ID, pushOf(ELB))).isInstanceOf(ScmFailure.Unavailable.class);
        }
    }

    @Test
    void a_refusal_about_the_target_is_data() {
        server.then(400, "{\"error_code\":\"SCM.0069\",\"error_msg\":\"project\"}")
                .then(500, "{\"error_code\":\"SCM.0213\",\"error_msg\":\"CDN error message: slow\"}");
        ScmClient client = client();

        assertRefused(client.push("prod", ID, pushOf(ELB, ELB_EAST)).value().get(ELB_EAST), ScmFailure.Rejected.class,
                "PROJECT_UNKNOWN", "project");
        assertRefused(client.push("prod", ID, pushOf(CDN)).value().get(CDN), ScmFailure.Unavailable.class, "TARGET_FAILED",
                "CDN error message: slow");
    }

    @Test
    void a_refusal_about_the_call_is_thrown() {
        server.then(400, "{\"error_code\":\"SCM.0222\",\"error_msg\":\"x\"}").then(404, "").then(429, "").then(503, "");
        ScmClient client = client();
        Target waf = Target.parse("WAF@cn-north-4");

        assertThatThrownBy(() -> client.push("prod", ID, pushOf(waf))).isInstanceOfSatisfying(ScmFailure.NotPermitted.class,
                failure -> assertThat(failure.service()).isEqualTo(waf.service()));
        assertThatThrownBy(() -> client.push("prod", ID, pushOf(CDN))).isInstanceOf(ScmFailure.Rejected.class);
        assertThatThrownBy(() -> client.push("prod", ID, pushOf(CDN))).isInstanceOf(ScmFailure.Throttled.class);
        assertThatThrownBy(() -> client.push("prod", ID, pushOf(CDN))).isInstanceOf(ScmFailure.Unavailable.class);
    }

    @Test
    void a_copy_that_is_there_already_counts_only_where_it_is_clear_whose() {
        server.then(400, "{\"error_code\":\"SCM.0211\",\"error_msg\":\"CDN error message: cloudCertificate is exist\"}")
                .then(400, "{\"error_code\":\"SCM.0201\",\"error_msg\":\"ELB error message: certificate exists\"}");
        ScmClient client = client();

        assertThat(client.push("prod", ID, pushOf(CDN)).value()).isEqualTo(Map.of(CDN, new PushResult.Present()));
        assertThat(client.push("prod", ID, pushOf(ELB)).value()).isEqualTo(Map.of(ELB, new PushResult.Present()));
        assertThat(client.push("prod", ID, pushOf(ELB, ELB_EAST)).value().values())
                .allSatisfy(result -> assertRefused(result, ScmFailure.Unavailable.class, "TARGET_FAILED",
                        "ELB error message: certificate exists"));
    }

    @Test
    void a_wrong_clock_is_corrected_once_and_for_all() {
        Instant serverTime = Instant.now().plus(Duration.ofHours(2));
        server.then((request, connection) -> {
            boolean fresh = request.headers().get("x-sdk-date").compareTo(signatureDate(serverTime.minusSeconds(60))) > 0;
            WireServer.answer(connection, fresh ? 200 : 401,
                    fresh ? "{\"certificates\":[],\"total_count\":0}" : "{\"error_code\":\"APIGW.0301\",\"error_msg\":\"no\"}",
                    "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(serverTime.atZone(ZoneOffset.UTC)));
        });
        ScmClient client = client();

        client.list("prod", 0);
        client.list("prod", 0);

        assertThat(server.requests()).hasSize(3);
    }

    /** After five refusals in a row SCM locks the key, for all replicas. */
    @Test
    void a_wrong_clock_costs_one_refusal_however_many_calls_begin() {
        Instant serverTime = Instant.now().minus(Duration.ofHours(1));
        var refused = new AtomicInteger();
        server.then((request, connection) -> {
            boolean fresh = request.headers().get("x-sdk-date").compareTo(signatureDate(serverTime.plusSeconds(60))) < 0;
            refused.addAndGet(fresh ? 0 : 1);
            WireServer.answer(connection, fresh ? 200 : 401,
                    fresh ? "{\"certificates\":[],\"total_count\":0}" : "{\"error_code\":\"APIGW.0301\",\"error_msg\":\"no\"}",
                    "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(serverTime.atZone(ZoneOffset.UTC)));
        });
        ScmClient client = client();

        var calls = IntStream.range(0, 12).mapToObj(i -> CompletableFuture.runAsync(() -> client.list("prod", 0), threads))
                .toList();

        assertThat(calls).allSatisfy(call -> assertThat(call).succeedsWithin(Duration.ofSeconds(10)));
        assertThat(refused).hasValue(1);
    }

    @Test
    void wrong_keys_are_shown_once_however_many_calls_begin() {
        server.then((request, connection) -> {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            WireServer.answer(connection, 401, "{\"error_code\":\"APIGW.0301\",\"error_msg\":\"verify aksk signature fail\"}");
        });
        ScmClient client = client();

        var calls = IntStream.range(0, 12).mapToObj(i -> CompletableFuture.runAsync(() -> client.list("prod", 0), threads))
                .toList();

        assertThat(calls).allSatisfy(call -> assertThat(call).failsWithin(Duration.ofSeconds(10)));
        assertThat(server.requests()).hasSize(1);
    }

    private static String signatureDate(Instant instant) {
        return DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC).format(instant);
    }

    @Test
    void a_clock_that_is_refused_again_is_a_denial() {
        Instant serverTime = Instant.now().minus(Duration.ofHours(2));
        server.then(401, "{\"error_code\":\"APIGW.0303\",\"error_msg\":\"signature expired, signature time:1,server time:2\"}",
                "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(serverTime.atZone(ZoneOffset.UTC)));
        ScmClient client = client();

        ScmFailure failure = catchThrowableOfType(ScmFailure.class, () -> importWith(client));

        assertThat(failure).isInstanceOf(ScmFailure.Denied.class);
        assertThat(failure.details().reasonCode()).isEqualTo("CLOCK_SKEW");
        assertThat(server.requests()).hasSize(2).extracting(request -> request.headers().get("x-sdk-date"))
                .doesNotHaveDuplicates();
        assertThat(server.requests()).extracting(WireServer.Request::text).containsOnly(server.request().text());
    }

    @Test
    void wrong_keys_are_tried_once() {
        server.then(401, "{\"error_code\":\"APIGW.0301\",\"error_msg\":\"verify aksk signature fail\"}");
        ScmClient client = client();

        assertThatThrownBy(() -> importWith(client)).isInstanceOf(ScmFailure.Denied.class);

        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void the_key_is_not_closed_by_an_import() {
        server.then(200, "{\"certificate_id\":\"" + ID + "\"}");
        var key = Scm.aKey();

        client().importCertificate("prod", "name", "leaf", "chain", key);

        assertThat(key.reveal()).asString().isEqualTo(Scm.KEY_PEM);
    }

    @Test
    void an_empty_id_is_not_asked_for() {
        ScmClient client = client();

        assertThatThrownBy(() -> client.show("prod", "")).isInstanceOf(IllegalArgumentException.class);

        assertThat(server.requests()).isEmpty();
    }

    @Test
    void every_call_is_told_with_its_outcome() {
        server.then(200, "{\"certificates\":[],\"total_count\":0}")
                .then(400, "{\"error_code\":\"SCM.0069\",\"error_msg\":\"project\"}")
                .then(503, "{\"error_code\":\"NEW.0001\",\"error_msg\":\"?\"}").then(200, "<html>").then(429, "");
        var fixture = Scm.aConfig().at(server.uri());
        ScmClient client = fixture.client(Clock.systemUTC(), connections);

        client.list("prod", 0);
        client.push("prod", ID, pushOf(CDN));
        assertThatThrownBy(() -> client.show("prod", ID));
        assertThatThrownBy(() -> client.push("prod", ID, pushOf(CDN)));
        assertThatThrownBy(() -> client.push("prod", ID, pushOf(ELB)));

        assertThat(fixture.told()).extracting(ScmCall::operation, ScmCall::outcome, call -> call.errorCode().orElse("-"))
                .containsExactly(tuple(ScmOperation.LIST, Outcome.OK, "-"),
                        tuple(ScmOperation.PUSH, Outcome.REFUSED, "SCM.0069"),
                        tuple(ScmOperation.SHOW, Outcome.UNKNOWN, "other"), tuple(ScmOperation.PUSH, Outcome.UNKNOWN, "-"),
                        tuple(ScmOperation.BATCH_PUSH, Outcome.THROTTLED, "-"));
        assertThat(fixture.told()).allMatch(call -> call.took().toNanos() > 0 && call.account().equals("prod"));
    }

    @Test
    void a_listener_that_fails_does_not_undo_the_call() {
        server.then(200, "{\"certificate_id\":\"" + ID + "\"}");
        ScmClient client = Scm.aConfig().at(server.uri()).client(Clock.systemUTC(), connections, call -> {
            throw new IllegalStateException("full");
        });

        assertThat(importWith(client).value()).isEqualTo(ID);
    }
}
