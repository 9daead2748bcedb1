package io.certcourier.certificate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import io.certcourier.fuzz.BriefFuzz;

/** Whatever bytes come as PEM: a bundle, or a refusal in our own words. */
class BundleFuzzTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:15:02Z");

    @Test
    void any_text_is_a_bundle_or_is_refused_in_our_words() {
        BriefFuzz.run("certificate/BundleFuzz", BundleFuzzTest::judge);
    }

    /** @param input leaf, chain and key, parted by lines of three equals signs */
    static void judge(byte[] input) {
        String[] parts = (new String(input, ISO_8859_1) + "\n===\n\n===\n").split("\n===\n", -1);
        byte[] key = parts[2].getBytes(ISO_8859_1);
        try {
            CertificateBundle.parse(parts[0], parts[1].isEmpty() ? null : parts[1], SecretBytes.taking(key), NOW).close();
        } catch (InvalidCertificate refused) {
            assertThat(refused).hasNoCause();
            assertThat(refused.getMessage()).matches("[ -~]{1,512}").doesNotContainPattern("[A-Za-z0-9+/]{20}");
        }
        assertThat(key).as("the key's bytes are erased").isEqualTo(new byte[key.length]);
    }
}
