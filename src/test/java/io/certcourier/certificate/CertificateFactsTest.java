package io.certcourier.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.util.encoders.Hex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateFactsTest {

    private static final TestCa CA = TestCa.create();

    @Test
    void fingerprints_serial_and_dates_are_those_bouncy_castle_reads() throws Exception {
        Instant notBefore = Instant.parse("2026-11-24T03:15:02Z");
        Instant notAfter = Instant.parse("2027-02-22T03:15:01Z");
        X509Certificate leaf = CA.leaf("www.example.com").serial(new BigInteger("4a03", 16)).validity(notBefore, notAfter)
                .issue()
                .leaf();

        CertificateFacts facts = Certificates.facts(leaf);

        assertThat(facts.sha256()).isEqualTo(digest(new SHA256Digest(), leaf));
        assertThat(facts.sha1()).isEqualTo(digest(new SHA1Digest(), leaf));
        assertThat(facts.serialNumber()).isEqualTo("4a03")
                .isEqualTo(new JcaX509CertificateHolder(leaf).getSerialNumber().toString(16));
        assertThat(facts.notBefore()).isEqualTo(notBefore);
        assertThat(facts.notAfter()).isEqualTo(notAfter);
        assertThat(facts.keyAlgorithm()).isEqualTo("EC-P256");
    }

    @Test
    void the_issuer_is_written_most_specific_part_first() {
        CertificateFacts facts = facts(CA.leaf("www.example.com"));

        assertThat(facts.issuer()).matches("O=Example Trust,CN=Test CA [0-9a-f]+ 1");
    }

    @Test
    void names_are_kept_in_order_and_other_kinds_left_out() {
        CertificateFacts facts = facts(CA.leaf("b.example.com", "192.0.2.1", "*.A.example.com", "2001:db8::1")
                .alternative(new GeneralName(GeneralName.rfc822Name, "admin@example.com"))
                .alternative(new GeneralName(GeneralName.uniformResourceIdentifier, "https://example.com"))
                .alternative(new GeneralName(GeneralName.dNSName, "line\nbreak.example.com"))
                .alternative(new GeneralName(GeneralName.dNSName, "under_score.example.com")));

        assertThat(facts.subjectAltNames()).containsExactly("b.example.com", "192.0.2.1", "*.A.example.com", "2001:db8::1",
                "under_score.example.com");
        assertThat(facts.commonName()).isEqualTo("b.example.com");
    }

    @ParameterizedTest
    @CsvSource({ "2001:DB8:0:0:0:0:0:1, 2001:db8::1", "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
            "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
            "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", "0:0:0:0:0:0:0:1, ::1", "0:0:0:0:0:0:0:0, ::",
            "fe80:0:0:0:0:0:0:0, fe80::",
            "0:0:1:2:3:4:5:6, ::1:2:3:4:5:6", "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::", "00ab:0:0:0:0:0:0:0c, ab::c" })
    void ipv6_addresses_are_written_as_rfc_5952_says(String sent, String written) {
        CertificateFacts facts = facts(CA.leaf(sent).noCommonName());

        assertThat(facts.subjectAltNames()).containsExactly(written);
    }

    @ParameterizedTest
    @ValueSource(strings = { "www.example.com", "*.example.com", "localhost", "xn--mnchen-3ya.de", "a-b.c_d.example",
            "192.0.2.1",
            "255.255.255.255", "2001:db8::1", "::1", "::ffff:192.0.2.1", "WWW.EXAMPLE.COM", "3com.com" })
    void a_dns_name_or_an_address_is_a_common_name(String commonName) {
        CertificateFacts facts = facts(CA.leaf("alt.example.com").commonName(commonName));

        assertThat(facts.commonName()).isEqualTo(commonName);
    }

    @ParameterizedTest
    @ValueSource(strings = { " ", "www example.com", "www..example.com", ".example.com", "example.com.", "-a.example.com",
            "a-.example.com", "*", "*.*.example.com", "w*.example.com", "www.*.com", "256.0.0.1", "1.2.3", "1.2.3.4.5",
            "01.2.3.4",
            "https://example.com", "example.com/", "admin@example.com", ":::", "1::2::3", "fe80::1%eth0", "[::1]",
            "example.com\n",
            "a,b", "www.example.com\u0000.evil.com", "münchen.de" })
    void anything_else_is_not(String commonName) {
        TestLeaf leaf = CA.leaf("alt.example.com").commonName(commonName);

        InvalidCertificate refused = catchThrowableOfType(InvalidCertificate.class,
                () -> facts(leaf));

        assertThat(refused.reason()).isEqualTo(InvalidCertificate.Reason.NO_DNS_NAME);
    }

    @Test
    void the_most_specific_of_several_common_names_counts_and_all_must_be_names() {
        CertificateFacts facts = facts(
                CA.leaf("alt.example.com").subject(new X500Name("CN=a.example.com,O=Shop,CN=b.example.com")));
        TestLeaf title = CA.leaf("alt.example.com").subject(new X500Name("CN=A Title,O=Shop,CN=b.example.com"));

        assertThat(facts.commonName()).isEqualTo("b.example.com");
        assertThat(catchThrowable(() -> facts(title))).isInstanceOf(InvalidCertificate.class);
    }

    @Test
    void a_common_name_is_found_within_a_multivalued_part_and_one_alone_is_enough() {
        CertificateFacts facts = facts(CA.leaf("x").noAlternatives().subject(new X500Name("O=Shop+CN=a.example.com")));

        assertThat(facts.commonName()).isEqualTo("a.example.com");
        assertThat(facts.subjectAltNames()).isEmpty();
        assertThat(facts.scmName()).startsWith("cr-a.example.com-");
    }

    @Test
    void without_a_common_name_the_alternatives_do() {
        CertificateFacts facts = facts(CA.leaf("www.example.com").noCommonName());

        assertThat(facts.commonName()).isNull();
        assertThat(facts.subjectAltNames()).isEqualTo(List.of("www.example.com"));
    }

    @ParameterizedTest
    @CsvSource({ "www.example.com, www.example.com", "*.Example.COM, wildcard.example.com", "192.0.2.1, 192.0.2.1", "::1, 1",
            "::, ''",
            "2001:db8::1, 2001-db8--1", "under_score.example.com, under_score.example.com",
            "abcdefghijklmnopqrstuvwxyz1234567.example.com, abcdefghijklmnopqrstuvwxyz1234567",
            "a-very-long-label-of-many-letters.a-second-label-of-many-letters.example.com, a-very-long-label-of-many-letters" })
    void the_scm_name_tells_the_first_name_and_the_fingerprint(String name, String slug) {
        CertificateFacts facts = facts(CA.leaf(name).noCommonName());

        assertThat(facts.scmName()).isEqualTo("cr-" + slug + "-" + facts.sha256().substring(0, 24))
                .matches("^[A-Za-z0-9_.-]{3,63}$");
    }

    @Test
    void the_scm_name_prefers_a_dns_name_to_an_address_before_it() {
        CertificateFacts facts = facts(CA.leaf("192.0.2.1", "www.example.com"));

        assertThat(facts.scmName()).startsWith("cr-www.example.com-");
    }

    private static CertificateFacts facts(TestLeaf leaf) {
        return Certificates.facts(leaf.issue().leaf());
    }

    private static String digest(Digest digest, X509Certificate certificate) throws Exception {
        byte[] encoded = certificate.getEncoded();
        digest.update(encoded, 0, encoded.length);
        byte[] result = new byte[digest.getDigestSize()];
        digest.doFinal(result, 0);
        return Hex.toHexString(result);
    }
}
