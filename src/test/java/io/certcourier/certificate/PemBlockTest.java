package io.certcourier.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemBlockTest {

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 3, 47, 48, 49, 95, 96, 97, 1217, 2349 })
    void the_length_is_known_before_the_text_is_written(int size) {
        PemBlock block = new PemBlock("EC PRIVATE KEY", new byte[size]);

        byte[] text = block.text();

        assertThat(block.textLength()).isEqualTo(text.length);
        assertThat(new String(text, US_ASCII)).matches(
                "-----BEGIN EC PRIVATE KEY-----\n([A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/=]{1,64}\n-----END EC PRIVATE KEY-----");
    }

    @Test
    void a_block_prints_its_label_only_and_is_zeroed_on_close() {
        byte[] der = { 1, 2, 3 };
        PemBlock block = new PemBlock("PRIVATE KEY", der);

        block.close();

        assertThat(block).hasToString("PRIVATE KEY ***");
        assertThat(der).containsExactly(0, 0, 0);
    }
}
