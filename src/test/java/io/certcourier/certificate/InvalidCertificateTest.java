package io.certcourier.certificate;

import static io.certcourier.certificate.InvalidCertificate.Reason.CERT_EXPIRED;
import static io.certcourier.certificate.InvalidCertificate.Reason.CERT_NOT_YET_VALID;
import static io.certcourier.certificate.InvalidCertificate.Reason.CERT_TOO_LARGE;
import static io.certcourier.certificate.InvalidCertificate.Reason.CERT_UNPARSABLE;
import static io.certcourier.certificate.InvalidCertificate.Reason.CHAIN_BROKEN;
import static io.certcourier.certificate.InvalidCertificate.Reason.CHAIN_INCOMPLETE;
import static io.certcourier.certificate.InvalidCertificate.Reason.KEY_MISMATCH;
import static io.certcourier.certificate.InvalidCertificate.Reason.KEY_TYPE_UNSUPPORTED;
import static io.certcourier.certificate.InvalidCertificate.Reason.KEY_UNPARSABLE;
import static io.certcourier.certificate.InvalidCertificate.Reason.NO_DNS_NAME;
import static io.certcourier.certificate.IssuedCertificate.pem;
import static io.certcourier.certificate.IssuedCertificate.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigInteger;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.certcourier.certificate.InvalidCertificate.Reason;

/** Every way in which a bundle is unusable, and the reason given for it. */
class InvalidCertificateTest {

    private static final TestCa CA = TestCa.create();
    private static final TestCa OTHER_CA = TestCa.create();
    private static final IssuedCertificate GOOD = CA.issue("www.example.com");
    private static final String LEAF = GOOD.leafPem();
    private static final String CHAIN = GOOD.chainPem();
    private static final String KEY = GOOD.keyPem();

    record Refused(String what, Reason reason, String certificatePem, String chainPem, String keyPem) {

        @Override
        public String toString() {
            return reason + ": " + what;
        }
    }

    private static Refused refused(String what, Reason reason, TestLeaf leaf) {
        IssuedCertificate issued = leaf.issue();
        return new Refused(what, reason, issued.leafPem(), issued.chainPem(), issued.keyPem());
    }

    static Stream<Refused> certificates() {
        return Stream.of(
                new Refused("empty", CERT_UNPARSABLE, "", CHAIN, KEY),
                new Refused("no block", CERT_UNPARSABLE, "a certificate, honestly", CHAIN, KEY),
                new Refused("no END line", CERT_UNPARSABLE, LEAF.substring(0, LEAF.indexOf("-----END")), null, KEY),
                new Refused("END line of another kind", CERT_UNPARSABLE, LEAF.replace("END CERT", "END CART"), CHAIN, KEY),
                new Refused("BEGIN line lost a dash", CERT_UNPARSABLE, LEAF.substring(1) + CHAIN, null, KEY),
                new Refused("BEGIN line of the issuer lost a dash", CERT_UNPARSABLE, LEAF, CHAIN.substring(1) + CHAIN, KEY),
                new Refused("BEGIN line never ends", CERT_UNPARSABLE, "-----BEGIN CERTIFICATE", CHAIN, KEY),
                new Refused("not base64", CERT_UNPARSABLE, LEAF.replace("MII", "M?I"), CHAIN, KEY),
                new Refused("header lines", CERT_UNPARSABLE, LEAF.replace("CATE-----\nM", "CATE-----\nX: y\n\nM"), CHAIN, KEY),
                new Refused("not DER", CERT_UNPARSABLE, Oddities.block("CERTIFICATE", new byte[] { 1, 2, 3 }), CHAIN, KEY),
                new Refused("empty block", CERT_UNPARSABLE, Oddities.block("CERTIFICATE", new byte[0]), CHAIN, KEY),
                new Refused("PEM within PEM", CERT_UNPARSABLE, Oddities.block("CERTIFICATE", LEAF.getBytes()), CHAIN, KEY),
                new Refused("two in one block", CERT_UNPARSABLE, Oddities.block("CERTIFICATE", Oddities.twice(LEAF)), CHAIN,
                        KEY),
                new Refused("key among the certificates", CERT_UNPARSABLE, LEAF + KEY, CHAIN, KEY),
                new Refused("BER as deep as a stack", CERT_UNPARSABLE, HostileCertificates.nestedBer(), CHAIN, KEY),
                new Refused("damaged chain", CERT_UNPARSABLE, LEAF, CHAIN.replace("MII", "MI"), KEY),
                new Refused("undecodable names", CERT_UNPARSABLE,
                        HostileCertificates.withNames(CA, new byte[] { 0x30, 5, (byte) 0x82, 1 }).leafPem(), CHAIN, KEY),
                refused("negative serial number", CERT_UNPARSABLE, CA.leaf("a.example.com").serial(BigInteger.TEN.negate())),
                refused("endless serial number", CERT_UNPARSABLE,
                        CA.leaf("a.example.com").serial(BigInteger.ONE.shiftLeft(256))),
                refused("100 names", CERT_TOO_LARGE, CA.leaf("www.example.com").manyNames(100)),
                refused("expired", CERT_EXPIRED, CA.leaf("www.example.com").expired()),
                refused("not yet valid", CERT_NOT_YET_VALID, CA.leaf("www.example.com").notYetValid()),
                refused("no name at all", NO_DNS_NAME, CA.leaf()
                        .alternative(new GeneralName(GeneralName.rfc822Name, "admin@example.com"))),
                refused("only malformed names", NO_DNS_NAME, CA.leaf()
                        .alternative(new GeneralName(GeneralName.dNSName, "not a name"))),
                refused("common name is a title", NO_DNS_NAME, CA.leaf("www.example.com").commonName("Example Web Server")),
                refused("common name is empty", NO_DNS_NAME, CA.leaf("www.example.com").commonName("")),
                refused("common name is not ASCII", NO_DNS_NAME,
                        CA.leaf("xn--mnchen-3ya.example").commonName("münchen.example")));
    }

    static Stream<Refused> keys() {
        IssuedCertificate other = CA.issue("www.example.com");
        IssuedCertificate p384 = CA.leaf("www.example.com").ec("secp384r1").issue();
        IssuedCertificate rsa = CA.leaf("www.example.com").rsa(2048).issue();
        IssuedCertificate rsa3072 = CA.leaf("www.example.com").rsa(3072).issue();
        IssuedCertificate ed25519 = CA.leaf("www.example.com").keys(Oddities.keys("Ed25519")).issue();
        return Stream.of(
                new Refused("empty", KEY_UNPARSABLE, LEAF, CHAIN, ""),
                new Refused("certificate only", KEY_UNPARSABLE, LEAF, CHAIN, LEAF),
                new Refused("passphrase", KEY_UNPARSABLE, LEAF, CHAIN, GOOD.encryptedKeyPem()),
                new Refused("passphrase, traditional", KEY_UNPARSABLE, LEAF, CHAIN, GOOD.encryptedTraditionalKeyPem()),
                new Refused("two keys", KEY_UNPARSABLE, LEAF, CHAIN, KEY + KEY),
                new Refused("key in a container of OpenSSH", KEY_UNPARSABLE, LEAF, CHAIN,
                        KEY.replace("PRIVATE", "OPENSSH PRIVATE")),
                new Refused("PKCS#8 named SEC1", KEY_UNPARSABLE, LEAF, CHAIN, KEY.replace("PRIVATE", "EC PRIVATE")),
                new Refused("PKCS#8 named PKCS#1", KEY_UNPARSABLE, LEAF, CHAIN, KEY.replace("PRIVATE", "RSA PRIVATE")),
                new Refused("SEC1 named PKCS#8", KEY_UNPARSABLE, LEAF, CHAIN, GOOD.traditionalKeyPem().replace("EC ", "")),
                new Refused("SEC1 without curve", KEY_UNPARSABLE, LEAF, CHAIN, GOOD.keyWithoutCurvePem()),
                new Refused("public key", KEY_UNPARSABLE, LEAF, CHAIN,
                        Oddities.block("PUBLIC KEY", GOOD.keys().getPublic().getEncoded())),
                new Refused("cut off", KEY_UNPARSABLE, LEAF, CHAIN, KEY.substring(0, KEY.length() / 2)),
                new Refused("endless", CERT_TOO_LARGE, LEAF, CHAIN,
                        Oddities.block("PRIVATE KEY", Oddities.withAttributes(GOOD.keys()))),
                new Refused("another EC key", KEY_MISMATCH, LEAF, CHAIN, other.keyPem()),
                new Refused("another EC key as SEC1", KEY_MISMATCH, LEAF, CHAIN, other.traditionalKeyPem()),
                new Refused("another curve", KEY_MISMATCH, LEAF, CHAIN, p384.keyPem()),
                new Refused("RSA key for an EC leaf", KEY_MISMATCH, LEAF, CHAIN, rsa.keyPem()),
                new Refused("EC key for an RSA leaf", KEY_MISMATCH, rsa.leafPem(), CHAIN, KEY),
                new Refused("another RSA key", KEY_MISMATCH, rsa3072.leafPem(), CHAIN, rsa.traditionalKeyPem()),
                new Refused("RSA key with a wrong prime", KEY_MISMATCH, rsa.leafPem(), CHAIN, Oddities.wrongPrime(rsa.keys())),
                new Refused("RSA key with a wrong exponent", KEY_MISMATCH, rsa.leafPem(), CHAIN,
                        HostileCertificates.oneBitOff((RSAPrivateCrtKey) rsa.keys().getPrivate())),
                new Refused("RSA key without primes", KEY_MISMATCH, rsa.leafPem(), CHAIN,
                        HostileCertificates.withoutPrimes((RSAPrivateCrtKey) rsa.keys().getPrivate())),
                new Refused("EC key with a wrong number", KEY_MISMATCH, LEAF, CHAIN,
                        HostileCertificates.oneBitOff(GOOD.keys().getPrivate())),
                new Refused("leaf second", KEY_MISMATCH, CA.issue("ca.example.com").leafPem(), LEAF, KEY),
                new Refused("Ed25519", KEY_TYPE_UNSUPPORTED, ed25519.leafPem(), CHAIN, ed25519.keyPem()),
                new Refused("Ed25519 key for an EC leaf", KEY_TYPE_UNSUPPORTED, LEAF, CHAIN, ed25519.keyPem()),
                refused("RSA 1024", KEY_TYPE_UNSUPPORTED, CA.leaf("www.example.com").rsa(1024)),
                refused("RSA 4104", KEY_TYPE_UNSUPPORTED, CA.leaf("www.example.com").keys(Oddities.hugeRsaKey())),
                refused("RSASSA-PSS", KEY_TYPE_UNSUPPORTED, CA.leaf("www.example.com").keys(Oddities.keys("RSASSA-PSS"))),
                refused("EC P-521", KEY_TYPE_UNSUPPORTED, CA.leaf("www.example.com").ec("secp521r1")));
    }

    static Stream<Refused> chains() {
        TestCa three = TestCa.createWithIntermediates(3);
        IssuedCertificate deep = three.issue("www.example.com");
        IssuedCertificate deeper = TestCa.createWithIntermediates(16).issue("www.example.com");
        IssuedCertificate selfSigned = CA.leaf("www.example.com").issueSelfSigned();
        String namesake = pem(OTHER_CA.leaf().subject(
                org.bouncycastle.asn1.x500.X500Name
                        .getInstance(CA.intermediates().get(0).getSubjectX500Principal().getEncoded()))
                .issue().leaf());
        String crowd = Stream.generate(() -> OTHER_CA.issue("a.example.com").leafPem()).limit(21).collect(Collectors.joining());
        return Stream.of(
                new Refused("leaf alone", CHAIN_INCOMPLETE, LEAF, null, KEY),
                new Refused("leaf twice", CHAIN_INCOMPLETE, LEAF + LEAF, LEAF, KEY),
                new Refused("root without intermediate", CHAIN_INCOMPLETE, LEAF, GOOD.rootPem(), KEY),
                new Refused("chain of another CA", CHAIN_INCOMPLETE, LEAF, OTHER_CA.issue("x.example.com").chainPem(), KEY),
                new Refused("self-signed leaf", CHAIN_INCOMPLETE, selfSigned.leafPem(), selfSigned.leafPem(),
                        selfSigned.keyPem()),
                new Refused("issuer with the right name and another key", CHAIN_BROKEN, LEAF, namesake, KEY),
                new Refused("stray block", CHAIN_BROKEN, LEAF, CHAIN + OTHER_CA.issue("x.example.com").chainPem(), KEY),
                new Refused("gap before the root", CHAIN_BROKEN, deep.leafPem(),
                        pem(List.of(deep.chain().get(0), deep.chain().get(2))), deep.keyPem()),
                new Refused("another leaf of the same CA", CHAIN_BROKEN, LEAF, CHAIN + CA.issue("x.example.com").leafPem(),
                        KEY),
                new Refused("16 intermediates", CERT_TOO_LARGE, deeper.leafPem(), deeper.chainPem(), deeper.keyPem()),
                new Refused("21 issuers", CERT_TOO_LARGE, LEAF, crowd, KEY));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({ "certificates", "keys", "chains" })
    void an_unusable_bundle_is_refused_with_its_reason(Refused refused) {

        InvalidCertificate thrown = catchThrowableOfType(InvalidCertificate.class, () -> CertificateBundle
                .parse(refused.certificatePem(), refused.chainPem(), secret(refused.keyPem()), Instant.now()));

        assertThat(thrown).isNotNull();
        assertThat(thrown.reason()).isEqualTo(refused.reason());
        assertThat(thrown.getMessage()).hasSizeBetween(1, 512).endsWith(".").matches("[ -~]+");
        assertThat(thrown).hasNoCause().hasNoSuppressedExceptions();
        assertThat(thrown.getStackTrace()).isEmpty();
    }

    @Test
    void no_reason_is_without_a_case() {

        EnumSet<Reason> covered = Stream.of(certificates(), keys(), chains()).flatMap(cases -> cases).map(Refused::reason)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Reason.class)));
        covered.add(Reason.FINGERPRINT_MISMATCH); // of requireFingerprint: CertificateBundleTest

        assertThat(covered).containsExactly(Reason.values());
    }

    @Test
    void what_waiting_cannot_cure_is_reported_before_what_it_can() {
        IssuedCertificate issued = CA.leaf("www.example.com").notYetValid().issue();

        InvalidCertificate thrown = catchThrowableOfType(InvalidCertificate.class,
                () -> CertificateBundle.parse(issued.leafPem(), null, issued.keyBytes(), Instant.now()));

        assertThat(thrown.reason()).isEqualTo(CHAIN_INCOMPLETE);
    }
}
