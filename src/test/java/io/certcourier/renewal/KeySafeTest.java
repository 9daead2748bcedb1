package io.certcourier.renewal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;

import org.junit.jupiter.api.Test;

import io.certcourier.certificate.SecretBytes;

class KeySafeTest {

    private static final String KEY = "-----BEGIN PRIVATE KEY-----\nnot a key, but secret\n-----END PRIVATE KEY-----";

    private final KeySafe safe = new KeySafe(Keyset.generate());

    private static SecretBytes key() {
        return SecretBytes.taking(KEY.getBytes(US_ASCII));
    }

    @Test
    void a_sealed_key_opens_for_its_own_renewal() {
        UUID renewal = UUID.randomUUID();

        var sealed = safe.seal(renewal, key());

        try (var opened = safe.open(renewal, sealed)) {
            assertThat(new String(opened.reveal(), US_ASCII)).isEqualTo(KEY);
        }
        assertThat(new String(sealed.ciphertext(), US_ASCII)).doesNotContain("not a key");
    }

    @Test
    void it_opens_for_no_other_renewal() {
        var sealed = safe.seal(UUID.randomUUID(), key());

        assertThatThrownBy(() -> safe.open(UUID.randomUUID(), sealed)).isInstanceOf(KeySafe.SealBroken.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void it_does_not_open_with_another_keyset_or_after_a_change() {
        UUID renewal = UUID.randomUUID();
        var sealed = safe.seal(renewal, key());

        assertThatThrownBy(() -> new KeySafe(Keyset.generate()).open(renewal, sealed))
                .isInstanceOf(KeySafe.SealKeyMissing.class);
        sealed.ciphertext()[sealed.ciphertext().length - 1] ^= 1;
        assertThatThrownBy(() -> safe.open(renewal, sealed)).isInstanceOf(KeySafe.SealBroken.class);
    }

    @Test
    void the_same_key_is_sealed_differently_each_time() {
        UUID renewal = UUID.randomUUID();

        assertThat(safe.seal(renewal, key()).ciphertext()).isNotEqualTo(safe.seal(renewal, key()).ciphertext());
    }
}
