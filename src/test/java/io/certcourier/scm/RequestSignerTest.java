package io.certcourier.scm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.huaweicloud.sdk.core.auth.AKSKSigner;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.http.HttpMethod;
import com.huaweicloud.sdk.core.http.HttpRequest;

class RequestSignerTest {

    record Vector(String name, JsonNode json) {
        String text(String field) {
            return json.get(field).asText();
        }

        Map<String, String> headers() {
            Map<String, String> headers = new HashMap<>();
            json.get("request_headers").properties()
                    .forEach(entry -> headers.put(entry.getKey(), entry.getValue().asText()));
            return headers;
        }

        URI uri() {
            List<String> pairs = new ArrayList<>();
            json.get("query_params_decoded").properties().forEach(
                    entry -> entry.getValue()
                            .forEach(value -> pairs.add(encoded(entry.getKey()) + "=" + encoded(value.asText()))));
            return wireUri(text("host"), text("path"), pairs);
        }

        byte[] body() {
            return json.get("body").isNull() ? new byte[0] : text("body").getBytes(UTF_8);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Vector> vectors() throws IOException {
        try (InputStream file = RequestSignerTest.class.getResourceAsStream("/scm/aksk-vectors.json")) {
            List<Vector> vectors = new ArrayList<>();
            new ObjectMapper().readTree(file).get("vectors")
                    .forEach(json -> vectors.add(new Vector(json.get("name").asText(), json)));
            return vectors.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void signs_as_the_vectors_say(Vector vector) {
        RequestSigner signer = new RequestSigner(vector.text("ak"), vector.text("sk"));

        String canonical = RequestSigner.canonicalRequest(vector.text("method"), vector.uri(), vector.headers(), vector.body());
        String toSign = RequestSigner.stringToSign(vector.text("x_sdk_date"), canonical);
        String authorization = signer.authorization(vector.text("method"), vector.uri(), vector.headers(), vector.body());

        assertThat(canonical).isEqualTo(vector.text("canonical_request"));
        assertThat(toSign).isEqualTo(vector.text("string_to_sign"));
        assertThat(authorization).isEqualTo(vector.text("authorization"));
    }

    @Test
    void there_are_nine_vectors() throws IOException {
        assertThat(vectors()).hasSize(9);
    }

    @Test
    void agrees_with_the_official_signer_on_random_requests() {
        Random random = new Random(20261124);

        for (int i = 0; i < 400; i++) {
            String path = "/v3/scm/" + randomText(random, false) + "/" + randomText(random, false) + "x";
            Map<String, List<String>> query = new LinkedHashMap<>();
            List<String> pairs = new ArrayList<>();
            for (int p = random.nextInt(4); p > 0; p--) {
                String name = "q" + random.nextInt(20) + (random.nextBoolean() ? "A" : "_b");
                String value = randomText(random, true);
                if (query.putIfAbsent(name, List.of(value)) == null) {
                    pairs.add(encoded(name) + "=" + encoded(value));
                }
            }
            String body = random.nextBoolean() ? "{\"name\":\"" + random.nextLong() + "证\"}" : null;
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("Host", "scm.example.com:" + (1024 + random.nextInt(1000)));
            headers.put("X-Sdk-Date", "20260101T0%d0000Z".formatted(random.nextInt(10)));
            headers.put("Content-Type", "application/json");
            if (random.nextBoolean()) {
                headers.put("X-Security-Token", Scm.TOKEN + random.nextLong());
            }
            String method = body == null ? "GET" : "POST";

            String ours = new RequestSigner(Scm.ACCESS_KEY, Scm.SECRET_KEY).authorization(method,
                    wireUri(headers.get("Host"), path, pairs), headers, body == null ? new byte[0] : body.getBytes(UTF_8));

            assertThat(ours).as(path + " " + query).isEqualTo(officialSignature(method, path, query, headers, body));
        }
    }

    private static String officialSignature(String method, String path, Map<String, List<String>> query,
            Map<String, String> headers, String body) {
        HttpRequest.HttpRequestBuilder request = HttpRequest.newBuilder().withMethod(HttpMethod.valueOf(method))
                .withEndpoint("https://" + headers.get("Host")).withPath(path).withContentType("application/json");
        headers.forEach(request::addHeader);
        query.forEach((name, values) -> request.addQueryParam(name, values));
        if (body != null) {
            request.withBodyAsString(body);
        }
        BasicCredentials credentials = new BasicCredentials().withAk(Scm.ACCESS_KEY).withSk(Scm.SECRET_KEY);
        return AKSKSigner.getInstance().sign(request.build(), credentials).get("Authorization");
    }

    /** For paths without / ? # and blank ends, because the official client puts paths together without encoding. */
    private static String randomText(Random random, boolean inQuery) {
        String alphabet = "abcXYZ019-_.~ *+%&=?#/'\"!@$:;,()[]{}|\\^`é证😀";
        int[] points = alphabet.codePoints().filter(point -> inQuery || "/?#".indexOf(point) < 0).toArray();
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(12) + (inQuery ? 0 : 1); length > 0; length--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private static URI wireUri(String host, String decodedPath, List<String> pairs) {
        List<String> parts = Stream.of(decodedPath.split("/", -1)).map(part -> encoded(part).replace("+", "%20")).toList();
        return URI.create("https://" + host + String.join("/", parts) + (pairs.isEmpty() ? "" : "?" + String.join("&", pairs)));
    }

    /** As browsers do: other characters stay than the signature's own rule keeps. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
