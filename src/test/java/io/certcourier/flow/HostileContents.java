package io.certcourier.flow;

import static io.certcourier.certificate.HostileCertificates.block;
import static io.certcourier.certificate.HostileCertificates.leafOver;
import static io.certcourier.flow.Flow.CA;
import static io.certcourier.flow.HostileRecord.good;
import static io.certcourier.flow.HostileRecord.harmless;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

import io.certcourier.certificate.HostileCertificates;
import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.certificate.TestCa;
import io.certcourier.certificate.TestLeaf;

/** Certificates, chains and names that no authority would make, or that make a parser work. */
final class HostileContents {

    private static final BigInteger F4 = BigInteger.valueOf(65537);

    private HostileContents() {
    }

    static Stream<HostileRecord> all() {
        return Stream.of(pem(), publicKeys(), names(), chains(), leaves()).flatMap(List::stream);
    }

    private static List<HostileRecord> pem() {
        String leaf = HostileRecord.leaf().leafPem();
        return List.of(
                leaf("zip in a block", "CERT_UNPARSABLE", block("CERTIFICATE", new byte[] { 'P', 'K', 3, 4, 20, 0, 0, 0, 8 })),
                leaf("PEM in a block", "CERT_UNPARSABLE", block("CERTIFICATE", leaf.getBytes(US_ASCII))),
                leaf("a block in a block", "CERT_UNPARSABLE",
                        leaf.replaceFirst("\n", "\n-----BEGIN CERTIFICATE-----\n")),
                leaf("BEGIN without end", "CERT_UNPARSABLE", "-----BEGIN CERTIFICATE-----".repeat(1200)),
                leaf("nested BER", "CERT_UNPARSABLE", HostileCertificates.nestedBer()),
                leaf("a length of 2 GiB", "CERT_UNPARSABLE",
                        block("CERTIFICATE", new byte[] { 0x30, (byte) 0x84, 0x7f, -1, -1, -1, 0x30 })),
                leaf("zeros", "CERT_UNPARSABLE", block("CERTIFICATE", new byte[20_000])),
                leaf("a request among them", "CERT_UNPARSABLE", leaf + block("CERTIFICATE REQUEST", new byte[] { 0x30, 0 })),
                leaf("a key among them", "SCHEMA_VIOLATION", leaf + HostileRecord.leaf().keyPem()),
                leaf("no block", "SCHEMA_VIOLATION", "trust me"));
    }

    private static List<HostileRecord> publicKeys() {
        return List.of(
                leaf("RSA 16384", "KEY_TYPE_UNSUPPORTED", leafOver(CA,
                        HostileCertificates.rsa(BigInteger.ONE.shiftLeft(16384).subtract(BigInteger.ONE), F4))),
                leaf("RSA 512", "KEY_TYPE_UNSUPPORTED",
                        leafOver(CA, HostileCertificates.rsa(BigInteger.ONE.shiftLeft(512).subtract(BigInteger.ONE), F4))),
                leaf("RSA 1024", "KEY_TYPE_UNSUPPORTED",
                        leafOver(CA, HostileCertificates.rsa(BigInteger.ONE.shiftLeft(1024).subtract(BigInteger.ONE), F4))),
                leaf("RSA with exponent 1", "CERT_UNPARSABLE", leafOver(CA,
                        HostileCertificates.rsa(BigInteger.ONE.shiftLeft(2048).subtract(BigInteger.ONE), BigInteger.ONE))),
                leaf("RSA with negative modulus", "KEY_MISMATCH",
                        leafOver(CA, HostileCertificates.rsa(BigInteger.ONE.shiftLeft(2048).negate(), F4))),
                leaf("P-521", "KEY_TYPE_UNSUPPORTED", leafOver(CA, HostileCertificates.ec("secp521r1"))),
                leaf("P-224", "KEY_TYPE_UNSUPPORTED", leafOver(CA, HostileCertificates.ec("secp224r1"))),
                leaf("secp256k1", "KEY_TYPE_UNSUPPORTED", leafOver(CA, HostileCertificates.ec("secp256k1"))),
                leaf("a curve nobody knows", "CERT_UNPARSABLE", leafOver(CA, HostileCertificates.unknownCurve())),
                leaf("a curve spelt out", "CERT_UNPARSABLE", leafOver(CA, HostileCertificates.explicitCurve())),
                leaf("Ed25519", "KEY_TYPE_UNSUPPORTED", leafOver(CA, generated("Ed25519"))),
                leaf("DSA", "KEY_TYPE_UNSUPPORTED", leafOver(CA, generated("DSA"))),
                leaf("X25519", "KEY_TYPE_UNSUPPORTED", leafOver(CA, generated("X25519"))));
    }

    private static List<HostileRecord> names() {
        return List.of(
                names("NUL in a name", "www.example.com\u0000.evil.example"),
                names("control characters", "www\u001b[2J.example.com"),
                names("two wildcards", "*.*.example.com"),
                names("only a wildcard", "*"),
                names("wildcard within a label", "w*w.example.com"),
                names("a path", "www.example.com/../../etc/passwd"),
                names("number at the end", "1.2.3.999"),
                common("homoglyph", "www.ex\u0430mple.com"),
                common("title", "<script>alert(1)</script>"),
                leaf("names that are none", "CERT_UNPARSABLE",
                        HostileCertificates.withNames(CA, new byte[] { 0x30, 5, (byte) 0x82, 1 }).leafPem()),
                leaf("an empty list of names", "CERT_UNPARSABLE",
                        HostileCertificates.withNames(CA, new byte[] { 0x30, 0 }).leafPem()),
                bundle("10,000 names", "PAYLOAD_TOO_LARGE", CA.leaf("www.example.com").manyNames(10_000)),
                bundle("450 names", "CERT_TOO_LARGE", CA.leaf("www.example.com").manyNames(450)),
                delivered("no names, but a common name", CA.leaf("www.example.com").noAlternatives()),
                delivered("international name as the DNS has it", CA.leaf("xn--mnchen-3ya.example.com")));
    }

    private static List<HostileRecord> chains() {
        String thousand = Stream.generate(CA::root).limit(1000).map(IssuedCertificate::pem).collect(Collectors.joining());
        String forty = Stream.generate(() -> TestCa.create().root()).limit(40).map(IssuedCertificate::pem)
                .collect(Collectors.joining());
        var entangled = HostileCertificates.entangled();
        return List.of(
                chain("1,000 certificates", "PAYLOAD_TOO_LARGE", thousand),
                chain("40 certificates", "CERT_TOO_LARGE", forty),
                chain("the same 50 times", "CHAIN_INCOMPLETE",
                        Stream.generate(() -> HostileRecord.leaf().leafPem()).limit(40).collect(Collectors.joining())),
                chain("of another authority", "CHAIN_INCOMPLETE", TestCa.create().issue("x.example.com").chainPem()),
                chain("a stray one", "CHAIN_BROKEN",
                        HostileRecord.leaf().chainPem() + TestCa.create().issue("x.example.com").chainPem()),
                chain("only the root", "CHAIN_INCOMPLETE", HostileRecord.leaf().rootPem()),
                HostileRecord.event("an entangled chain", "CHAIN_BROKEN", of(entangled)
                        .with("certificatePem", entangled.leafPem() + IssuedCertificate.pem(entangled.chain().subList(0, 10)))
                        .with("chainPem", IssuedCertificate.pem(entangled.chain().subList(10, 20)))),
                delivered("a chain in a circle", HostileCertificates.loop()));
    }

    private static List<HostileRecord> leaves() {
        return List.of(
                bundle("expired", "CERT_EXPIRED", CA.leaf("www.example.com").expired()),
                bundle("not yet valid", "CERT_NOT_YET_VALID", CA.leaf("www.example.com").notYetValid()),
                bundle("negative serial number", "CERT_UNPARSABLE", CA.leaf("www.example.com").serial(BigInteger.TEN.negate())),
                bundle("serial number of 300 bytes", "CERT_UNPARSABLE",
                        CA.leaf("www.example.com").serial(BigInteger.ONE.shiftLeft(2400))),
                HostileRecord.event("signed by itself", "CHAIN_INCOMPLETE",
                        of(CA.leaf("www.example.com").issueSelfSigned()).with("chainPem", null)),
                HostileRecord.event("another fingerprint", "FINGERPRINT_MISMATCH",
                        good().with("fingerprintSha256", "0".repeat(64))),
                // not ours to judge: private authorities do both
                delivered("an authority as leaf", HostileCertificates.authority(CA)),
                delivered("signed by SHA-1", HostileCertificates.sha1(CA)));
    }

    private static HostileRecord leaf(String what, String expected, String certificatePem) {
        return HostileRecord.event(what, expected, good().with("certificatePem", certificatePem));
    }

    private static HostileRecord chain(String what, String expected, String chainPem) {
        return HostileRecord.event("chain: " + what, expected, good().with("chainPem", chainPem));
    }

    private static HostileRecord bundle(String what, String expected, TestLeaf leaf) {
        return HostileRecord.event(what, expected, of(leaf.issue()));
    }

    private static HostileRecord names(String what, String... names) {
        var leaf = CA.leaf();
        Arrays.stream(names).forEach(name -> leaf.alternative(new GeneralName(GeneralName.dNSName, name)));
        return bundle("name: " + what, "NO_DNS_NAME", leaf);
    }

    private static HostileRecord common(String what, String name) {
        return bundle("common name: " + what, "NO_DNS_NAME", CA.leaf("www.example.com").commonName(name));
    }

    private static HostileRecord delivered(String what, TestLeaf leaf) {
        return delivered(what, leaf.issue());
    }

    private static HostileRecord delivered(String what, IssuedCertificate certificate) {
        return harmless(what, "SUCCEEDED", TestEvent.of(Flow.freshName("odd"), certificate));
    }

    private static TestEvent of(IssuedCertificate certificate) {
        return TestEvent.of("hostile.example.com", certificate).withId(UUID.randomUUID().toString());
    }

    private static SubjectPublicKeyInfo generated(String algorithm) {
        try {
            return SubjectPublicKeyInfo
                    .getInstance(KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPublic().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
