package io.certcourier.certificate;

import static java.math.BigInteger.ONE;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.crypto.agreement.DHStandardGroups;
import org.bouncycastle.crypto.params.DHParameters;

/**
 * A leaf to be issued by a {@link TestCa}, with valid defaults. For one thread; make one per certificate.
 * Names that look like IP addresses become such; the common name is the first name unless it is set.
 */
public final class TestLeaf {

    /** One per size for the whole run, as no test depends on them being different. */
    private static final Map<Integer, KeyPair> RSA_KEYS = new ConcurrentHashMap<>();

    private final TestCa ca;
    private final List<GeneralName> names = new ArrayList<>();
    private X500Name subject;
    private KeyPair keys;
    private BigInteger serial = TestCa.serial();
    private Instant notBefore = Instant.now().minus(Duration.ofHours(1));
    private Instant notAfter = notBefore.plus(Duration.ofDays(90));

    TestLeaf(TestCa ca, List<String> names) {
        this.ca = ca;
        names.forEach(name -> this.names.add(generalName(name)));
        if (names.isEmpty()) {
            noCommonName();
        } else {
            commonName(names.get(0));
        }
    }

    /** RSA of this size in bits instead of EC P-256; every leaf of one size has the same key. */
    public TestLeaf rsa(int bits) {
        return keys(RSA_KEYS.computeIfAbsent(bits, TestLeaf::rsaKeys));
    }

    /** EC on another curve: {@code secp384r1}, {@code secp521r1}. */
    public TestLeaf ec(String curve) {
        return keys(TestCa.ecKeys(curve));
    }

    public TestLeaf keys(KeyPair keys) {
        this.keys = keys;
        return this;
    }

    public TestLeaf validity(Instant notBefore, Instant notAfter) {
        this.notBefore = notBefore;
        this.notAfter = notAfter;
        return this;
    }

    /** Over since an hour. */
    public TestLeaf expired() {
        return validity(Instant.now().minus(Duration.ofDays(90)), Instant.now().minus(Duration.ofHours(1)));
    }

    /** Begins in an hour. */
    public TestLeaf notYetValid() {
        return validity(Instant.now().plus(Duration.ofHours(1)), Instant.now().plus(Duration.ofDays(90)));
    }

    public TestLeaf serial(BigInteger serial) {
        this.serial = serial;
        return this;
    }

    public TestLeaf commonName(String commonName) {
        return subject(new X500NameBuilder().addRDN(BCStyle.CN, commonName).build());
    }

    /** An empty subject: the form that Let's Encrypt's short-lived certificates have. */
    public TestLeaf noCommonName() {
        return subject(new X500NameBuilder().build());
    }

    public TestLeaf subject(X500Name subject) {
        this.subject = subject;
        return this;
    }

    /** One more subject alternative name, of any kind and however malformed. */
    public TestLeaf alternative(GeneralName name) {
        names.add(name);
        return this;
    }

    /** Adds that many long DNS names: with 100 of them a leaf is too large for SCM, with 50 it fits. */
    public TestLeaf manyNames(int count) {
        IntStream.range(0, count).mapToObj(i -> "host-" + i + ".a-rather-long-name.shop.example.com")
                .forEach(name -> names.add(generalName(name)));
        return this;
    }

    public TestLeaf noAlternatives() {
        names.clear();
        return this;
    }

    /** Signs it. The chain of the result is leaf's issuer first, without the root. */
    public IssuedCertificate issue() {
        KeyPair leafKeys = keys == null ? TestCa.ecKeys("secp256r1") : keys;
        TestCa.Draft draft = new TestCa.Draft(subject, leafKeys.getPublic(), serial, notBefore, notAfter);
        if (!names.isEmpty()) {
            boolean critical = subject.getRDNs().length == 0;
            draft.with(Extension.subjectAlternativeName, critical, new GeneralNames(names.toArray(GeneralName[]::new)));
        }
        X509Certificate leaf = draft.signedBy(ca.issuer().name(), ca.issuer().keys());
        return new IssuedCertificate(leaf, ca.intermediates(), ca.root(), leafKeys);
    }

    /** A leaf that signed itself: nobody's customer. */
    public IssuedCertificate issueSelfSigned() {
        KeyPair leafKeys = TestCa.ecKeys("secp256r1");
        TestCa.Draft draft = new TestCa.Draft(subject, leafKeys.getPublic(), serial, notBefore, notAfter);
        draft.with(Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        X509Certificate leaf = draft.signedBy(subject, leafKeys);
        return new IssuedCertificate(leaf, List.of(), leaf, leafKeys);
    }

    private static GeneralName generalName(String name) {
        boolean address = name.contains(":") || Arrays.stream(name.split("\\.")).allMatch(label -> label.matches("[0-9]+"));
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static KeyPair rsaKeys(int bits) {
        try {
            return switch (bits) {
                case 3072 -> rsaKeys(DHStandardGroups.rfc2409_1024, DHStandardGroups.rfc3526_2048);
                case 4096 -> rsaKeys(DHStandardGroups.rfc7919_ffdhe2048, DHStandardGroups.rfc3526_2048);
                default -> {
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(bits);
                    yield generator.generateKeyPair();
                }
            };
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /**
     * A key of two primes that everybody knows: as good as any for a test, and there at once where a search for large ones
     * takes seconds.
     */
    private static KeyPair rsaKeys(DHParameters one, DHParameters other) throws GeneralSecurityException {
        BigInteger p = one.getP();
        BigInteger q = other.getP();
        BigInteger n = p.multiply(q);
        BigInteger e = BigInteger.valueOf(65537);
        BigInteger d = e.modInverse(p.subtract(ONE).multiply(q.subtract(ONE)));
        KeyFactory factory = KeyFactory.getInstance("RSA");
        return new KeyPair(factory.generatePublic(new RSAPublicKeySpec(n, e)),
                factory.generatePrivate(new RSAPrivateCrtKeySpec(n,
                        e, d, p, q, d.mod(p.subtract(ONE)), d.mod(q.subtract(ONE)), q.modInverse(p))));
    }
}
