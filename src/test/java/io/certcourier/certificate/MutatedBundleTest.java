package io.certcourier.certificate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.certcourier.certificate.InvalidCertificate.Reason;

/** Thousands of damaged bundles: each is accepted or refused in our own words, whatever the JDK's parsers make of it. */
class MutatedBundleTest {

    private static final int ROUNDS = 2500;
    private static final long SEED = 20261124;
    /** Longer than any run of letters that our sentences and base64 or PEM lines could share by chance. */
    private static final int ECHO = 12;

    private final Random random = new Random(SEED);

    @Test
    void a_damaged_bundle_is_accepted_or_refused_and_never_echoed() {
        TestCa ca = TestCa.createWithIntermediates(2);
        IssuedCertificate ec = ca.issue("www.example.com", "*.example.com", "192.0.2.1", "2001:db8::1");
        IssuedCertificate rsa = ca.leaf("www.example.com").rsa(2048).issue();
        List<String[]> seeds = List.of(
                new String[] { ec.leafPem(), ec.chainPem(), ec.keyPem() },
                new String[] { ec.fullChainPem(), ec.rootPem(), ec.keyWithParametersPem() },
                new String[] { rsa.fullChainPem(), rsa.rootPem(), rsa.traditionalKeyPem() },
                new String[] { rsa.leafPem(), rsa.chainPem(), rsa.keyPem() });
        Map<Reason, Integer> seen = new EnumMap<>(Reason.class);
        int accepted = 0;

        for (int round = 0; round < ROUNDS; round++) {
            String[] texts = seeds.get(round % seeds.size()).clone();
            int damaged = random.nextInt(3);
            texts[damaged] = random.nextBoolean() ? damageText(texts[damaged]) : damageDer(texts[damaged]);
            byte[] key = texts[2].getBytes(ISO_8859_1);
            try {
                CertificateBundle.parse(texts[0], texts[1], SecretBytes.taking(key), Instant.now()).close();
                accepted++;
            } catch (InvalidCertificate refused) {
                seen.merge(refused.reason(), 1, Integer::sum);
                assertNoEcho(refused.getMessage(), String.join("", texts));
            } catch (RuntimeException other) {
                throw new AssertionError("round " + round + " of seed " + SEED, other);
            }
            assertThat(key).isEqualTo(new byte[key.length]);
        }

        // otherwise the damage is too gentle or too coarse to prove anything
        assertThat(accepted).isBetween(ROUNDS / 100, ROUNDS / 2);
        assertThat(seen).containsKeys(Reason.CERT_UNPARSABLE, Reason.CHAIN_BROKEN, Reason.KEY_UNPARSABLE, Reason.KEY_MISMATCH);
    }

    private static void assertNoEcho(String message, String input) {
        for (int i = 0; i + ECHO <= message.length(); i++) {
            assertThat(input).doesNotContain(message.substring(i, i + ECHO));
        }
    }

    private String damageText(String text) {
        int at = random.nextInt(text.length());
        int to = Math.min(text.length(), at + 1 + random.nextInt(80));
        return switch (random.nextInt(5)) {
            case 0 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
            case 1 -> text.substring(0, at);
            case 2 -> text.substring(0, at) + text.substring(to);
            case 3 -> text.substring(0, to) + text.substring(at);
            default -> text.substring(to) + text.substring(0, to);
        };
    }

    /** Damages the bytes of one block and writes it properly again, so that the damage gets past base64. */
    private String damageDer(String text) {
        List<PemBlock> blocks = PemReader.read(text.getBytes(ISO_8859_1), Reason.CERT_UNPARSABLE);
        PemBlock block = blocks.get(random.nextInt(blocks.size()));
        byte[] der = block.der().clone();
        int at = random.nextInt(der.length);
        switch (random.nextInt(4)) {
            case 0 -> der[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> der[random.nextInt(Math.min(der.length, 40))] = (byte) random.nextInt(256); // tags and lengths
            case 2 -> der = Arrays.copyOf(der, at + 1);
            default -> der = Arrays.copyOf(der, der.length + 1 + random.nextInt(20));
        }
        String old = new String(block.text(), ISO_8859_1);
        String body = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(der);
        String damaged = "-----BEGIN " + block.label() + "-----\n" + body + "\n-----END " + block.label() + "-----";
        return text.replace(old, damaged);
    }
}
