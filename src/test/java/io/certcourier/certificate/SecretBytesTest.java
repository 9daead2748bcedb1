package io.certcourier.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;

import org.junit.jupiter.api.Test;

class SecretBytesTest {

    @Test
    void the_array_itself_is_taken_over_and_revealed() {
        byte[] bytes = "key".getBytes(US_ASCII);

        SecretBytes secret = SecretBytes.taking(bytes);

        assertThat(secret.reveal()).isSameAs(bytes);
    }

    @Test
    void closing_zeroes_the_array_and_ends_access_and_may_be_repeated() {
        byte[] bytes = "key".getBytes(US_ASCII);
        SecretBytes secret = SecretBytes.taking(bytes);

        secret.close();
        secret.close();

        assertThat(bytes).containsExactly(0, 0, 0);
        assertThatThrownBy(secret::reveal).isInstanceOf(IllegalStateException.class).hasMessage("secret is closed");
    }

    @Test
    void nothing_about_the_content_is_printed_compared_or_serialised() {
        SecretBytes secret = SecretBytes.taking("key".getBytes(US_ASCII));

        assertThat(secret).hasToString("***").isNotInstanceOf(Serializable.class)
                .isNotEqualTo(SecretBytes.taking("key".getBytes(US_ASCII)));
    }
}
