package io.certcourier.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageCursorTest {

    @Test
    void comes_back_as_it_was_to_the_microsecond() {
        var cursor = new PageCursor(Instant.parse("2026-11-24T03:15:02.412345Z"), UUID.randomUUID());

        var read = PageCursor.parse(cursor.encoded());

        assertThat(read).contains(cursor);
    }

    @Test
    void needs_no_escaping_in_a_url() {
        var cursor = new PageCursor(Instant.parse("2106-02-07T06:28:15.999999Z"), new UUID(-1, -1));

        var text = cursor.encoded();

        assertThat(text).hasSize(32).matches("[A-Za-z0-9_-]+");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "abc", "AAZg__jsxXZffPNUIqBONbnrHOAVqjX", "AAZg__jsxXZffPNUIqBONbnrHOAVqjXqAAAA",
            "AAZg//jsxXZffPNUIqBONbnrHOAVqjXq", "AAZg__jsxXZffPNUIqBONbnrHOAVqjX ", "AAZg__jsxXZffPNUIqBONbnrHOAVqj\u00e9q" })
    void other_text_is_no_cursor(String text) {
        assertThat(PageCursor.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = { Long.MIN_VALUE, -1, Long.MAX_VALUE })
    void time_that_the_database_does_not_know_is_no_cursor(long micros) {
        byte[] bytes = ByteBuffer.allocate(24).putLong(micros).putLong(1).putLong(2).array();

        var read = PageCursor.parse(Base64.getUrlEncoder().encodeToString(bytes));

        assertThat(read).isEmpty();
    }
}
