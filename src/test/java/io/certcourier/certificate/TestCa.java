package io.certcourier.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A throw-away certificate authority: a root and one intermediate, EC P-256, made in a few milliseconds. Two of them never have
 * anything in common, not even a name. Immutable and so safe to share between threads.
 *
 * <pre>{@code
 * IssuedCertificate issued = TestCa.create().issue("www.example.com", "example.com");
 * issued.fullChainPem();
 * issued.keyPem();
 * TestCa.create().leaf("www.example.com").expired().issue();
 * }</pre>
 */
public final class TestCa {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Authority root;
    private final List<Authority> intermediates;

    /** One certificate that signs others, with its key. */
    record Authority(X500Name name, KeyPair keys, X509Certificate certificate) {
    }

    private TestCa(Authority root, List<Authority> intermediates) {
        this.root = root;
        this.intermediates = List.copyOf(intermediates);
    }

    public static TestCa create() {
        return createWithIntermediates(1);
    }

    /** @param count 0 makes a CA whose root signs the leaves */
    public static TestCa createWithIntermediates(int count) {
        String mark = new BigInteger(40, RANDOM).toString(16);
        Authority root = authority("CN=Test Root " + mark, null);
        List<Authority> intermediates = new ArrayList<>();
        Authority issuer = root;
        for (int i = count; i > 0; i--) {
            issuer = authority("CN=Test CA " + mark + " " + i + ",O=Example Trust", issuer);
            intermediates.add(0, issuer);
        }
        return new TestCa(root, intermediates);
    }

    /** A root of this common name that signs the leaves. */
    public static TestCa named(String commonName) {
        return new TestCa(authority("CN=" + commonName, null), List.of());
    }

    /**
     * An EC P-256 certificate for these DNS names or IP addresses; the first is the common name. Valid from an hour ago for 90
     * days.
     */
    public IssuedCertificate issue(String... names) {
        return leaf(names).issue();
    }

    /** The same, to be changed before it is issued. */
    public TestLeaf leaf(String... names) {
        return new TestLeaf(this, List.of(names));
    }

    public X509Certificate root() {
        return root.certificate();
    }

    /** The certificate that signs leaves first; without the root. */
    public List<X509Certificate> intermediates() {
        return intermediates.stream().map(Authority::certificate).toList();
    }

    /** This CA's leaf issuer, name and key, signed by the root of another CA: the second half of a cross-sign. */
    public X509Certificate issuerSignedBy(TestCa other) {
        return signedBy(issuer(), other.root, Instant.now().plus(Duration.ofDays(700)));
    }

    /** This CA's root, name and key, signed by the root of another CA: what bridges an old and a new root. */
    public X509Certificate rootSignedBy(TestCa other) {
        return signedBy(root, other.root, Instant.now().plus(Duration.ofDays(700)));
    }

    /** The same, but over since yesterday. */
    public X509Certificate rootOnceSignedBy(TestCa other) {
        return signedBy(root, other.root, Instant.now().minus(Duration.ofDays(1)));
    }

    Authority issuer() {
        return intermediates.isEmpty() ? root : intermediates.get(0);
    }

    private static X509Certificate signedBy(Authority subject, Authority signer, Instant notAfter) {
        return new Draft(subject.name(), subject.keys().getPublic(), serial(), Instant.now().minus(Duration.ofDays(30)),
                notAfter)
                .ca().signedBy(signer.name(), signer.keys());
    }

    private static Authority authority(String name, Authority signer) {
        KeyPair keys = ecKeys("secp256r1");
        X500Name subject = new X500Name(name);
        Authority self = new Authority(subject, keys, null);
        Instant notAfter = Instant.now().plus(Duration.ofDays(3650));
        return new Authority(subject, keys, signedBy(self, signer == null ? self : signer, notAfter));
    }

    static BigInteger serial() {
        return new BigInteger(120, RANDOM).setBit(119);
    }

    static KeyPair ecKeys(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** A certificate before it is signed. */
    static final class Draft {

        private final X500Name subject;
        private final PublicKey key;
        private final BigInteger serial;
        private final Instant notBefore;
        private final Instant notAfter;
        private final List<Extension> extensions = new ArrayList<>();

        Draft(X500Name subject, PublicKey key, BigInteger serial, Instant notBefore, Instant notAfter) {
            this.subject = subject;
            this.key = key;
            this.serial = serial;
            this.notBefore = notBefore;
            this.notAfter = notAfter;
        }

        Draft ca() {
            return with(Extension.basicConstraints, true, new BasicConstraints(true));
        }

        Draft with(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
            try {
                extensions.add(Extension.create(id, critical, value));
                return this;
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        }

        X509Certificate signedBy(X500Name issuer, KeyPair issuerKeys) {
            try {
                X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(issuer, serial, Date.from(notBefore),
                        Date.from(notAfter), subject, key);
                for (Extension extension : extensions) {
                    builder.addExtension(extension);
                }
                ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate());
                return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
            } catch (GeneralSecurityException | OperatorCreationException | IOException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }
}
