package io.certcourier.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateCursorTest {

    private static String text(int rank, long micros, String key) {
        byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding()
                .encodeToString(ByteBuffer.allocate(9 + utf8.length).put((byte) rank).putLong(micros).put(utf8).array());
    }

    @Test
    void a_cursor_comes_back_as_it_went() {
        var known = new CertificateCursor(1, 1_795_509_225_973_001L, "default|shop/www.example.com");
        var unknown = new CertificateCursor(0, CertificateCursor.UNKNOWN, "default|a");

        assertThat(CertificateCursor.parse(known.encoded())).contains(known);
        assertThat(known.expiresAt()).isEqualTo(Instant.parse("2026-11-24T08:33:45.973001Z"));
        assertThat(CertificateCursor.parse(unknown.encoded())).contains(unknown);
        assertThat(unknown.expiresAt()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "abc", "AAAAAAAAAAAA", "not base64!", "<script>" })
    void what_is_no_cursor_is_none(String text) {
        assertThat(CertificateCursor.parse(text)).isEmpty();
    }

    @Test
    void what_the_database_would_refuse_is_none() {
        assertThat(CertificateCursor.parse(text(0, 0, "default|a"))).isPresent();
        assertThat(CertificateCursor.parse(text(2, 0, "default|a"))).isEmpty();
        assertThat(CertificateCursor.parse(text(0, Long.MAX_VALUE, "default|a"))).isEmpty();
        assertThat(CertificateCursor.parse(text(0, Long.MIN_VALUE + 1, "default|a"))).isEmpty();
        assertThat(CertificateCursor.parse(text(0, 0, "default|\u0000"))).isEmpty();
        assertThat(CertificateCursor.parse(text(0, 0, "a".repeat(2000)))).isEmpty();
    }
}
