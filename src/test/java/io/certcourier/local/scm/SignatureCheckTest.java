package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.vertx.core.json.JsonObject;

class SignatureCheckTest {

    private static final String SECRET_KEY_OF_ALL = "SKtest0Example0SecretKey0For0Vectors0001";

    static Stream<JsonObject> vectors() throws IOException {
        try (var in = SignatureCheckTest.class.getResourceAsStream("/scm/aksk-vectors.json")) {
            var all = new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8)).getJsonArray("vectors");
            return all.stream().map(JsonObject.class::cast).toList().stream();
        }
    }

    @Test
    void there_are_nine_vectors() throws IOException {
        assertThat(vectors()).hasSize(9);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void every_vector_verifies_and_agrees_at_each_step(JsonObject vector) {
        var request = request(vector, bodyOf(vector));
        var authorization = SignatureCheck.Authorization.parse(vector.getString("authorization")).orElseThrow();

        assertThat(vector.getString("sk")).isEqualTo(SECRET_KEY_OF_ALL);
        assertThat(authorization.accessKey()).isEqualTo(vector.getString("ak"));
        assertThat(authorization.covers(request)).isTrue();
        assertThat(SignatureCheck.canonicalRequest(request, authorization.signedHeaders()))
                .isEqualTo(vector.getString("canonical_request"));
        assertThat(SignatureCheck.stringToSign(request, authorization.signedHeaders()))
                .isEqualTo(vector.getString("string_to_sign"));
        assertThat(SignatureCheck.matches(request, authorization, SECRET_KEY_OF_ALL)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void no_vector_verifies_with_another_body_or_key(JsonObject vector) {
        var authorization = SignatureCheck.Authorization.parse(vector.getString("authorization")).orElseThrow();
        var otherBody = request(vector, (vector.getString("body", "") + " ").getBytes(StandardCharsets.UTF_8));

        assertThat(SignatureCheck.matches(otherBody, authorization, SECRET_KEY_OF_ALL)).isFalse();
        assertThat(SignatureCheck.matches(request(vector, bodyOf(vector)), authorization, SECRET_KEY_OF_ALL + "x")).isFalse();
    }

    @Test
    void wire_spellings_of_reserved_characters_do_not_matter() {
        var signed = List.of("host", "x-sdk-date");
        var asSigned = new SignatureCheck.Request("GET", "/a%2A/b~", "q=%2A~", name -> "v", new byte[0]);
        var asSent = new SignatureCheck.Request("GET", "/a*/b%7e", "q=*%7E", name -> "v", new byte[0]);

        assertThat(SignatureCheck.canonicalRequest(asSent, signed))
                .isEqualTo(SignatureCheck.canonicalRequest(asSigned, signed));
    }

    @Test
    void announced_payload_hash_replaces_the_computed_one() {
        var request = new SignatureCheck.Request("POST", "/", null,
                name -> name.equals("x-sdk-content-sha256") ? "UNSIGNED-PAYLOAD" : "v",
                "body".getBytes(StandardCharsets.UTF_8));

        assertThat(SignatureCheck.canonicalRequest(request, List.of("host"))).endsWith("\nUNSIGNED-PAYLOAD")
                .startsWith("POST\n/\n\n");
    }

    private static byte[] bodyOf(JsonObject vector) {
        var body = vector.getString("body");
        return body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    }

    private static SignatureCheck.Request request(JsonObject vector, byte[] body) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        vector.getJsonObject("request_headers").forEach(header -> headers.put(header.getKey(), (String) header.getValue()));
        var query = vector.getString("url").split("\\?", 2);
        return new SignatureCheck.Request(vector.getString("method"), vector.getString("path"),
                query.length == 1 ? null : query[1],
                headers::get, body);
    }
}
