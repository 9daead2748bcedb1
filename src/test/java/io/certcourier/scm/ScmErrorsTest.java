package io.certcourier.scm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.certcourier.scm.ScmFailure.Consequence;

class ScmErrorsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    /** Written down by hand from the contract's taxonomy, so that a slip in errors.json shows. */
    private static final String EXPECTED = """
            GIVE_UP SCM_REJECTED_CERTIFICATE SCM.0006 SCM.0009 SCM.0010 SCM.0013 SCM.0015 SCM.0031 SCM.0053 SCM.0054 SCM.0070
            GIVE_UP SCM_REJECTED_CERTIFICATE SCM.0079 SCM.0109
            GIVE_UP SCM_REJECTED_KEY SCM.0012 SCM.0014 SCM.0059 SCM.0114
            GIVE_UP SCM_REJECTED_NAME SCM.0032
            GIVE_UP SCM_QUOTA SCM.0011
            GIVE_UP CERTIFICATE_VANISHED SCM.0003 SCM.0008 SCM.0020
            GIVE_UP PROVIDER_REFUSED SCM.0005 SCM.0023 SCM.0024 SCM.0098 APIGW.0106 APIGW.0201 APIGW.0602 APIGW.0607 APIGW.0612
            GIVE_UP PROVIDER_REFUSED APIG.0201
            GIVE_UP TARGET_REJECTED SCM.0030 SCM.0201 SCM.0211 SCM.0221 ELB.8904
            GIVE_UP PROJECT_UNKNOWN SCM.0069
            HOLD_ACCOUNT PROVIDER_AUTH SCM.0002 SCM.0099 SCM.1000 SCM.1004 SCM.1009 SCM.1010 SCM.4002
            HOLD_ACCOUNT PROVIDER_AUTH APIGW.0301 APIGW.0302 APIGW.0303 APIGW.0304 APIGW.0305 APIGW.0306 APIGW.0307 APIGW.0310
            HOLD_ACCOUNT PROVIDER_AUTH APIGW.0311 APIGW.0401 APIGW.0402 APIGW.0501 APIGW.0502 APIGW.0802
            HOLD_ACCOUNT PROVIDER_AUTH APIG.0301 APIG.0302 APIG.0303 APIG.0304 APIG.0306 APIG.0307 APIG.0310
            HOLD_ACCOUNT PROVIDER_ENDPOINT APIGW.0101 APIG.0101 APIGW.0801
            HOLD_SERVICE TARGET_PERMISSION SCM.0202 SCM.0212 SCM.0222 CDN.00010198
            WAIT PROVIDER_THROTTLED APIGW.0308 APIG.0308
            REPEAT PROVIDER_UNAVAILABLE SCM.0007 APIGW.0103 APIGW.0104 APIGW.0105 APIGW.0404 APIGW.0605 APIGW.0606 APIGW.0608
            REPEAT PROVIDER_UNAVAILABLE APIGW.0609 APIGW.0610 APIGW.0611 APIGW.0613 APIGW.0705 APIG.0103 APIG.0104 APIG.0105
            REPEAT PROVIDER_UNAVAILABLE APIG.0605 APIG.0606 APIG.0608 APIG.0609 APIG.0610 APIG.0613
            LOOK_FIRST PROVIDER_UNAVAILABLE SCM.0016 SCM.0037 SCM.0038 SCM.4001 APIGW.0601 APIG.0601
            LOOK_FIRST TARGET_FAILED SCM.0028 SCM.0203 SCM.0213 SCM.0223
            """;

    record Row(String code, int status, Consequence consequence, String reason) {
    }

    private final ScmErrors errors = new ScmErrors();

    static Stream<Row> everyRow() throws IOException {
        JsonNode listed = errorsJson().get("errors");
        return EXPECTED.lines().flatMap(line -> {
            List<String> words = Arrays.asList(line.split(" "));
            return words.subList(2, words.size()).stream()
                    .map(code -> new Row(code, status(listed, code), Consequence.valueOf(words.get(0)), words.get(1)));
        });
    }

    private static int status(JsonNode rows, String code) {
        for (JsonNode row : rows) {
            if (row.get("code").asText().equals(code)) {
                return row.get("http").isEmpty() ? 400 : row.get("http").get(0).asInt();
            }
        }
        throw new AssertionError(code + " is not in errors.json");
    }

    private static JsonNode errorsJson() throws IOException {
        try (InputStream file = ScmErrorsTest.class.getResourceAsStream("/scm/errors.json")) {
            return new ObjectMapper().readTree(file);
        }
    }

    private static ScmReply reply(int status, String body) {
        return new ScmReply(status, body.getBytes(UTF_8), "req1", Optional.empty(), Optional.empty());
    }

    private static ScmReply reply(int status, String code, String text) {
        return reply(status, "{\"error_code\":\"" + code + "\",\"error_msg\":\"" + text + "\"}");
    }

    private ScmFailure failure(ScmOperation operation, ScmReply reply) {
        return errors.refusal(operation, reply, NOW).failure();
    }

    private static void assertFailure(ScmFailure failure, Consequence consequence, String reason) {
        assertThat(failure.consequence()).isEqualTo(consequence);
        assertThat(failure.details().reasonCode()).isEqualTo(reason);
    }

    @ParameterizedTest
    @MethodSource("everyRow")
    void every_listed_code_has_its_consequence_and_reason(Row row) {
        ScmFailure failure = failure(ScmOperation.PUSH, reply(row.status(), row.code(), "text"));

        assertFailure(failure, row.consequence(), row.reason());
        assertThat(failure.details().errorCode()).isEqualTo(row.code());
        assertThat(failure.details().requestId()).isEqualTo("req1");
        assertThat(failure).hasMessageContaining(row.code()).hasMessageContaining("req1").hasMessageEndingWith(".");
    }

    @Test
    void every_code_of_the_file_is_expected_here_once() throws IOException {
        List<String> listed = new ArrayList<>();
        errorsJson().get("errors").forEach(row -> listed.add(row.get("code").asText()));

        assertThat(everyRow().map(Row::code)).containsExactlyInAnyOrderElementsOf(listed);
    }

    @Test
    void every_row_outside_the_codes_says_what_it_means_and_why() throws IOException {
        JsonNode file = errorsJson();

        for (String part : List.of("beforeMatching", "fallback", "transport", "insideSuccess")) {
            assertThat(file.get(part)).as(part).allSatisfy(row -> {
                assertThat(row.get("reasonCode").asText()).matches("[A-Z_]+");
                assertThat(row.get("meaning").asText()).endsWith(".");
            });
        }
    }

    @Test
    void a_code_of_the_other_gateway_is_read_as_its_twin() {
        assertFailure(failure(ScmOperation.IMPORT, reply(401, "APIG.0305", "x")), Consequence.HOLD_ACCOUNT, "PROVIDER_AUTH");
        assertFailure(failure(ScmOperation.IMPORT, reply(403, "APIG.0404", "x")), Consequence.REPEAT, "PROVIDER_UNAVAILABLE");
    }

    @ParameterizedTest
    @CsvSource({ "IMPORT,400,GIVE_UP", "PUSH,400,GIVE_UP", "LIST,400,GIVE_UP", "IMPORT,401,HOLD_ACCOUNT",
            "IMPORT,403,HOLD_ACCOUNT", "SHOW,404,GIVE_UP", "LIST,404,HOLD_ACCOUNT", "IMPORT,413,GIVE_UP",
            "IMPORT,408,LOOK_FIRST",
            "PUSH,429,WAIT", "LIST,302,HOLD_ACCOUNT", "IMPORT,500,LOOK_FIRST", "PUSH,599,LOOK_FIRST", "PUSH,418,GIVE_UP",
            "PUSH,600,LOOK_FIRST", "PUSH,101,LOOK_FIRST" })
    void an_unlisted_code_is_decided_by_operation_and_status(ScmOperation operation, int status, Consequence consequence) {
        ScmFailure failure = failure(operation, reply(status, "SCM.7777", "something new"));

        assertFailure(failure, consequence, "PROVIDER_UNMAPPED");
        assertThat(failure.details().errorCode()).isEqualTo("SCM.7777");
        assertThat(failure.details().text()).isEqualTo("something new");
    }

    @ParameterizedTest
    @CsvSource({ "IMPORT,400,PROVIDER_UNMAPPED", "IMPORT,401,PROVIDER_AUTH", "LIST,403,PROVIDER_AUTH",
            "PUSH,404,CERTIFICATE_VANISHED", "IMPORT,404,PROVIDER_ENDPOINT", "IMPORT,414,PROVIDER_REFUSED",
            "IMPORT,425,PROVIDER_UNAVAILABLE", "LIST,429,PROVIDER_THROTTLED", "SHOW,307,PROVIDER_ENDPOINT",
            "SHOW,503,PROVIDER_UNAVAILABLE" })
    void without_a_code_the_status_tells_the_reason(ScmOperation operation, int status, String reason) {
        assertThat(failure(operation, reply(status, "<html>Bad Gateway</html>")).details().reasonCode()).isEqualTo(reason);
        assertThat(failure(operation, reply(status, "")).details().text()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "certificate already exist", "DUPLICATE name", "do not repeat", "the same certificate is there" })
    void an_import_that_is_perhaps_a_duplicate_is_to_be_looked_for(String text) {
        assertFailure(failure(ScmOperation.IMPORT, reply(400, "SCM.9001", text)), Consequence.FIND_EXISTING, "ALREADY_EXISTS");
        assertFailure(failure(ScmOperation.IMPORT, reply(409, "", text)), Consequence.FIND_EXISTING, "ALREADY_EXISTS");
        assertFailure(failure(ScmOperation.LIST, reply(400, "SCM.0005", text)), Consequence.GIVE_UP, "PROVIDER_REFUSED");
    }

    @Test
    void what_does_not_exist_is_no_duplicate() {
        ScmFailure failure = failure(ScmOperation.IMPORT,
                reply(401, "APIGW.0301", "Get secretKey failed,ak:AKTEST0EXAMPLE000001,err:ak not exist"));

        assertFailure(failure, Consequence.HOLD_ACCOUNT, "PROVIDER_AUTH");
    }

    @ParameterizedTest
    @CsvSource({ "SCM.0201,ELB error message: quota exceeded,REPEAT,TARGET_FAILED",
            "SCM.0201,ELB error message: try again,REPEAT,TARGET_FAILED",
            "SCM.0221,WAF error message: busy,REPEAT,TARGET_FAILED",
            "SCM.0221,WAF error message: instance does not exist,GIVE_UP,TARGET_REJECTED",
            "SCM.0211,CDN error message: cloudCertificate is exist,FIND_EXISTING,TARGET_REJECTED",
            "SCM.0211,CDN error message: name already exists,FIND_EXISTING,TARGET_REJECTED",
            "SCM.0211,CDN error message: domain does not exist,GIVE_UP,TARGET_REJECTED",
            "APIGW.0301,signature expired,HOLD_ACCOUNT,CLOCK_SKEW",
            "APIG.0303,'signature expired, server time:1',HOLD_ACCOUNT,CLOCK_SKEW",
            "SCM.1000,decrypt token fail,HOLD_ACCOUNT,PROVIDER_AUTH" })
    void the_text_refines_a_code(String code, String text, Consequence consequence, String reason) {
        assertFailure(failure(ScmOperation.PUSH, reply(400, code, text)), consequence, reason);
    }

    @Test
    void the_status_refines_a_code() {
        assertFailure(failure(ScmOperation.PUSH, reply(502, "APIGW.0201", "x")), Consequence.LOOK_FIRST,
                "PROVIDER_UNAVAILABLE");
        assertFailure(failure(ScmOperation.PUSH, reply(413, "APIGW.0201", "x")), Consequence.GIVE_UP, "PROVIDER_REFUSED");
        assertFailure(failure(ScmOperation.PUSH, reply(403, "APIGW.0303", "no permission for scm:cert:push")),
                Consequence.HOLD_ACCOUNT, "PROVIDER_AUTH");
    }

    @Test
    void few_or_until_the_deadline_comes_from_the_table() {
        assertThat(failure(ScmOperation.PUSH, reply(400, "SCM.0028", "x")))
                .isInstanceOfSatisfying(ScmFailure.Unavailable.class, failure -> assertThat(failure.few()).isTrue());
        assertThat(failure(ScmOperation.PUSH, reply(400, "SCM.0203", "x")))
                .isInstanceOfSatisfying(ScmFailure.Unavailable.class, failure -> assertThat(failure.few()).isFalse());
        assertThat(failure(ScmOperation.PUSH, reply(502, "APIGW.0610", "x")))
                .isInstanceOfSatisfying(ScmFailure.NotDone.class, failure -> assertThat(failure.few()).isFalse());
        assertThat(failure(ScmOperation.PUSH, reply(500, "APIGW.0605", "x")))
                .isInstanceOfSatisfying(ScmFailure.NotDone.class, failure -> assertThat(failure.few()).isTrue());
    }

    @Test
    void only_what_concerns_the_target_is_the_targets() {
        assertThat(errors.refusal(ScmOperation.PUSH, reply(400, "SCM.0069", "x"), NOW).concernsTarget()).isTrue();
        assertThat(errors.refusal(ScmOperation.PUSH, reply(400, "SCM.7777", "x"), NOW).concernsTarget()).isTrue();
        assertThat(errors.refusal(ScmOperation.PUSH, reply(400, "SCM.0202", "x"), NOW).concernsTarget()).isFalse();
        assertThat(errors.refusal(ScmOperation.PUSH, reply(400, "SCM.0008", "x"), NOW).concernsTarget()).isFalse();
        assertThat(errors.refusal(ScmOperation.PUSH, reply(500, ""), NOW).concernsTarget()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = { "-,'limit:20,time:1 minute',60,20", "-,'limit:5,time:1 second',1,300",
            "-,'Limit: 200, Time: 5 minutes',300,40", "7,'limit:20,time:1 minute',7,20", "0,-,1,-", "99999999,-,3600,-",
            "'Tue, 24 Nov 2026 12:00:30 GMT',-,30,-", "soon,-,-,-", "-,-,-,-" })
    void a_throttled_call_tells_when_to_come_back(String retryAfter, String text, Long seconds, Double perMinute) {
        ScmReply throttled = new ScmReply(429, ("{\"error_code\":\"APIGW.0308\",\"error_msg\":\"policy user over ratelimit,"
                + (text == null ? "" : text) + "\"}").getBytes(UTF_8), null, Optional.of(NOW), Optional.ofNullable(retryAfter));

        ScmFailure failure = failure(ScmOperation.IMPORT, throttled);

        assertThat(failure).isInstanceOfSatisfying(ScmFailure.Throttled.class, throttle -> {
            assertThat(throttle.pause()).isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
            assertThat(throttle.limitPerMinute())
                    .isEqualTo(perMinute == null ? OptionalDouble.empty() : OptionalDouble.of(perMinute));
        });
    }

    @ParameterizedTest
    @CsvSource({ "-16,CLOCK_SKEW", "-14,PROVIDER_AUTH", "0,PROVIDER_AUTH", "14,PROVIDER_AUTH", "16,CLOCK_SKEW" })
    void a_refused_signature_may_be_the_clocks_fault(int minutesAhead, String reason) {
        ScmReply refused = new ScmReply(401, "{\"error_code\":\"APIGW.0301\",\"error_msg\":\"verify aksk signature fail\"}"
                .getBytes(UTF_8), null, Optional.of(NOW.plus(Duration.ofMinutes(minutesAhead))), Optional.empty());

        assertFailure(failure(ScmOperation.LIST, refused), Consequence.HOLD_ACCOUNT, reason);
    }

    @ParameterizedTest
    @EnumSource(ScmOperation.class)
    void an_unusable_success_leaves_the_outcome_unknown(ScmOperation operation) {
        assertFailure(errors.unusable(operation, reply(200, "<html>")), Consequence.LOOK_FIRST, "PROVIDER_UNAVAILABLE");
    }

    @ParameterizedTest
    @ValueSource(strings = { "{\"code\":\"SCM.0014\",\"message\":\"text\"}",
            "{\"error\":{\"code\":\"SCM.0014\",\"message\":\"text\"}}",
            "{\"request_id\":\"gw1\",\"x\":{\"error_code\":\"SCM.0014\",\"error_msg\":\"text\"}}",
            "{\"error_code\":\"SCM.0014\",\"error_msg\":\"text\",\"request_id\":\"gw1\"}" })
    void a_code_is_found_in_every_known_shape(String body) {
        ScmFailure failure = failure(ScmOperation.IMPORT, reply(400, body));

        assertThat(failure.details().errorCode()).isEqualTo("SCM.0014");
        assertThat(failure.details().text()).isEqualTo("text");
    }

    @Test
    void the_gateways_request_id_helps_out() {
        ScmReply withoutHeader = new ScmReply(500, "{\"error_code\":\"APIGW.0601\",\"request_id\":\"gw1\"}".getBytes(UTF_8),
                null,
                Optional.empty(), Optional.empty());

        assertThat(failure(ScmOperation.LIST, withoutHeader).details().requestId()).isEqualTo("gw1");
    }

    @Test
    void a_status_in_the_body_is_no_code() {
        ScmFailure failure = failure(ScmOperation.LIST,
                reply(401, "{\"error\":{\"code\":401,\"message\":\"no\",\"title\":\"x\"}}"));

        assertFailure(failure, Consequence.HOLD_ACCOUNT, "PROVIDER_AUTH");
        assertThat(failure.details().errorCode()).isNull();
    }
}
