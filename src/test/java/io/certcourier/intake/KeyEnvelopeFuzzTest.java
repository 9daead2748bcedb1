package io.certcourier.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.certcourier.fuzz.BriefFuzz;
import io.certcourier.outcome.ReasonCode;

/** Whatever text comes as JWE: opened, or refused with one of three codes. */
class KeyEnvelopeFuzzTest {

    /** The private half of what the seeds are encrypted to; it protects nothing else. */
    static final Path RECIPIENT = Path.of("src/test/resources/io/certcourier/intake/fuzz-recipient.json");

    private static final KeyEnvelope ENVELOPE = new KeyEnvelope(new RecipientKeys(Optional.of(RECIPIENT)));
    private static final Set<ReasonCode> CODES = Set.of(ReasonCode.KEY_DECRYPT_FAILED, ReasonCode.KEY_ENCRYPTION_UNSUPPORTED,
            ReasonCode.KEY_ENCRYPTION_UNKNOWN_KID);

    @Test
    void any_text_is_opened_or_refused_in_our_words() {
        BriefFuzz.run("intake/KeyEnvelopeFuzz", KeyEnvelopeFuzzTest::judge);
    }

    /** @param input a compact JWE */
    static void judge(byte[] input) {
        try {
            ENVELOPE.open(new String(input, ISO_8859_1)).close();
        } catch (Refused refused) {
            assertThat(refused).hasNoCause();
            assertThat(refused.code()).isIn(CODES);
            assertThat(refused.detail()).matches("[ -~]{1,512}").doesNotContainPattern("[A-Za-z0-9+/]{20}");
        }
    }
}
