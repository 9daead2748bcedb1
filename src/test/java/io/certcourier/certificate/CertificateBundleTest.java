package io.certcourier.certificate;

import static io.certcourier.certificate.IssuedCertificate.secret;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.time.Instant;
import java.util.stream.Stream;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a usable bundle looks like, however it was written. */
class CertificateBundleTest {

    private static final TestCa CA = TestCa.create();

    static Stream<Arguments> writings() {
        IssuedCertificate issued = CA.issue("www.example.com");
        String leaf = issued.leafPem();
        String chain = issued.chainPem();
        String key = issued.keyPem();
        String header = "Certificate:\n    Data:\n        Version: 3 (0x2)\n  Issuer: CN = Some - CA\n-- 1 --\n";
        return Stream.of(
                Arguments.of("as openssl writes it", issued, leaf, chain, key),
                Arguments.of("all in certificatePem", issued, leaf + chain, null, key),
                Arguments.of("full chain and chain", issued, leaf + chain, chain, key),
                Arguments.of("leaf again in the chain", issued, leaf, leaf + chain, key),
                Arguments.of("issuer twice", issued, leaf, chain + chain, key),
                Arguments.of("root included", issued, leaf, chain + issued.rootPem(), key),
                Arguments.of("root first", issued, leaf, issued.rootPem() + chain, key),
                Arguments.of("CRLF", issued, crlf(leaf), crlf(chain), crlf(key)),
                Arguments.of("CR alone", issued, leaf.replace('\n', '\r'), chain.replace('\n', '\r'), key.replace('\n', '\r')),
                Arguments.of("byte order mark", issued, "\uFEFF" + leaf, "\uFEFF" + chain, "\u00ef\u00bb\u00bf" + key),
                Arguments.of("text between blocks", issued, header + leaf + "\n" + header, header + chain,
                        "Bag Attributes\n" + key),
                Arguments.of("non-ASCII text between blocks", issued, "# Schlüssel für 例え\n" + leaf, chain, key),
                Arguments.of("blank lines", issued, "\n\n" + leaf.replace("\n", "\n\n"), "\r\n" + chain + "\n\n\n",
                        "\n" + key + "\n"),
                Arguments.of("trailing spaces", issued, leaf.replace("\n", " \t\n"), chain.replace("\n", "  \n"),
                        key.replace("\n", " \n")),
                Arguments.of("no final line break", issued, leaf.strip() + chain.strip(), null, key.strip()),
                Arguments.of("one long line", issued, oneLine(leaf), oneLine(chain), oneLine(key)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("writings")
    void every_writing_of_a_bundle_becomes_the_same_text(String writing, IssuedCertificate issued, String certificatePem,
            String chainPem, String keyPem) {

        try (CertificateBundle bundle = CertificateBundle.parse(certificatePem, chainPem, latin1(keyPem), Instant.now())) {

            assertThat(bundle.leafPem()).isEqualTo(issued.leafPem().strip());
            assertThat(bundle.chainPem()).isEqualTo(issued.chainPem().strip());
            assertThat(new String(bundle.keyPem().reveal(), US_ASCII)).isEqualTo(issued.keyPem().strip());
        }
    }

    static Stream<Arguments> keys() {
        IssuedCertificate p256 = CA.issue("ec.example.com");
        IssuedCertificate p384 = CA.leaf("ec.example.com").ec("secp384r1").issue();
        IssuedCertificate rsa2048 = CA.leaf("rsa.example.com").rsa(2048).issue();
        IssuedCertificate rsa3072 = CA.leaf("rsa.example.com").rsa(3072).issue();
        return Stream.of(
                Arguments.of("EC-P256", "PRIVATE KEY", p256, p256.keyPem()),
                Arguments.of("EC-P256", "EC PRIVATE KEY", p256, p256.traditionalKeyPem()),
                Arguments.of("EC-P256", "EC PRIVATE KEY", p256, p256.keyWithParametersPem()),
                Arguments.of("EC-P384", "PRIVATE KEY", p384, p384.keyPem()),
                Arguments.of("EC-P384", "EC PRIVATE KEY", p384, p384.traditionalKeyPem()),
                Arguments.of("RSA-2048", "PRIVATE KEY", rsa2048, rsa2048.keyPem()),
                Arguments.of("RSA-2048", "RSA PRIVATE KEY", rsa2048, rsa2048.traditionalKeyPem()),
                Arguments.of("RSA-3072", "RSA PRIVATE KEY", rsa3072, rsa3072.traditionalKeyPem()));
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("keys")
    void a_key_keeps_its_container_and_bouncy_castle_reads_the_same_key(String algorithm, String container,
            IssuedCertificate issued, String keyPem) throws Exception {

        try (CertificateBundle bundle = CertificateBundle.parse(issued.fullChainPem(), null, secret(keyPem), Instant.now())) {

            String text = new String(bundle.keyPem().reveal(), US_ASCII);
            assertThat(text).startsWith("-----BEGIN " + container + "-----\n").endsWith("\n-----END " + container + "-----")
                    .doesNotContain("\n\n", "\r", "PARAMETERS");
            assertThat(text.lines()).allMatch(line -> line.length() <= 64);
            assertThat(bundle.facts().keyAlgorithm()).isEqualTo(algorithm);
            assertThat(numbers(text)).isEqualTo(numbers(issued.traditionalKeyPem()));
        }
    }

    @Test
    void the_largest_rsa_key_fits() {
        IssuedCertificate issued = CA.leaf("rsa.example.com").rsa(4096).issue();

        try (CertificateBundle bundle = issued.bundle()) {

            assertThat(bundle.facts().keyAlgorithm()).isEqualTo("RSA-4096");
            assertThat(bundle.keyPem().reveal()).hasSizeBetween(3000, 4096);
        }
    }

    @Test
    void fifty_names_fit_and_keep_their_order() {
        IssuedCertificate issued = CA.leaf("zz.example.com", "aa.example.com").manyNames(48).issue();

        try (CertificateBundle bundle = issued.bundle()) {

            assertThat(bundle.facts().subjectAltNames()).hasSize(50).startsWith("zz.example.com", "aa.example.com", "host-0"
                    + ".a-rather-long-name.shop.example.com");
            assertThat(bundle.leafPem()).hasSizeLessThanOrEqualTo(4096);
        }
    }

    @Test
    void a_fingerprint_in_either_case_and_no_fingerprint_are_met() {
        IssuedCertificate issued = CA.issue("www.example.com");

        try (CertificateBundle bundle = issued.bundle()) {
            bundle.requireFingerprint(bundle.facts().sha256());
            bundle.requireFingerprint(bundle.facts().sha256().toUpperCase());
            bundle.requireFingerprint(null);

            assertThatThrownBy(() -> bundle.requireFingerprint("00".repeat(32))).isInstanceOfSatisfying(
                    InvalidCertificate.class,
                    refused -> assertThat(refused.reason()).isEqualTo(InvalidCertificate.Reason.FINGERPRINT_MISMATCH));
        }
    }

    @Test
    void closing_the_bundle_zeroes_its_key() {
        CertificateBundle bundle = CA.issue("www.example.com").bundle();
        byte[] key = bundle.keyPem().reveal();
        String scmName = bundle.facts().scmName();

        bundle.close();

        assertThat(key).hasSizeGreaterThan(100).containsOnly(0);
        assertThatThrownBy(() -> bundle.keyPem().reveal()).isInstanceOf(IllegalStateException.class);
        assertThat(bundle.facts().scmName()).isEqualTo(scmName);
    }

    @Test
    void the_key_handed_over_is_zeroed_when_parsing_succeeds_and_when_it_fails() {
        IssuedCertificate issued = CA.issue("www.example.com");
        byte[] used = issued.keyPem().getBytes(US_ASCII);
        byte[] refused = issued.keyPem().getBytes(US_ASCII);

        CertificateBundle.parse(issued.fullChainPem(), null, SecretBytes.taking(used), Instant.now()).close();
        assertThatThrownBy(() -> CertificateBundle.parse("nothing", null, SecretBytes.taking(refused), Instant.now()))
                .isInstanceOf(InvalidCertificate.class);

        assertThat(used).containsOnly(0);
        assertThat(refused).containsOnly(0);
    }

    @Test
    void a_bundle_prints_its_public_name_only() {
        try (CertificateBundle bundle = CA.issue("www.example.com").bundle()) {

            assertThat(bundle).hasToString("CertificateBundle[" + bundle.facts().scmName() + "]");
        }
    }

    /** The key's numbers as Bouncy Castle reads them, whatever the container. */
    private static Object numbers(String keyPem) throws Exception {
        try (PEMParser parser = new PEMParser(new StringReader(keyPem))) {
            Object read = parser.readObject();
            PrivateKeyInfo key = read instanceof PEMKeyPair pair ? pair.getPrivateKeyInfo() : (PrivateKeyInfo) read;
            return "1.2.840.113549.1.1.1".equals(key.getPrivateKeyAlgorithm().getAlgorithm().getId()) ? key.parsePrivateKey()
                    : org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(key.parsePrivateKey()).getKey();
        }
    }

    private static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }

    private static String oneLine(String pem) {
        return pem.replace("\n", "");
    }

    private static SecretBytes latin1(String text) {
        return SecretBytes.taking(text.getBytes(ISO_8859_1));
    }
}
