package io.certcourier.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHeadersTest {

    private static byte[] read(String value) {
        return HttpHeaders.envelope(Map.of("CE-Subject", List.of(value))).get(0).value();
    }

    @ParameterizedTest
    @CsvSource({ "www.example.com, www.example.com", "Euro%20%E2%82%AC, Euro €", "%C3%A9, é", "50%25, 50%", "a+b, a+b",
            "'\"quoted \\\"text\\\"\"', 'quoted \"text\"'", "'\"', '\"'" })
    void attributes_are_decoded_as_the_http_binding_says(String sent, String meant) {
        assertThat(new String(read(sent), UTF_8)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = { "%", "%4", "%zz", "a%2" })
    void what_is_no_percent_encoding_is_null_and_so_refused(String sent) {
        assertThat(read(sent)).isNull();
    }

    @Test
    void only_headers_of_an_envelope_are_looked_at() {
        var found = HttpHeaders.envelope(Map.of("Authorization", List.of("Bearer secret"), "Content-Type",
                List.of("application/json"), "traceparent", List.of("00-1-2-3"), "Cookie", List.of("a=b"), "ce-id",
                List.of("1", "2")));

        assertThat(found).extracting(IncomingRecord.Header::name).containsExactlyInAnyOrder("content-type", "traceparent",
                "ce_id", "ce_id");
    }

    @Test
    void a_key_that_occurs_twice_is_no_key() {
        assertThat(HttpHeaders.idempotencyKey(Map.of())).isNull();
        assertThat(HttpHeaders.idempotencyKey(Map.of("idempotency-KEY", List.of("a")))).isEqualTo("a");
        assertThat(HttpHeaders.idempotencyKey(Map.of("Idempotency-Key", List.of("a", "b")))).contains("\n");
    }
}
