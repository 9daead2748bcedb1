package io.certcourier.local.scm;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;

import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** A certificate authority that lives as long as the test run. */
final class TestCertificates {

    static final TestCertificates CA = new TestCertificates();

    private final KeyPair rootKey = newKey("EC", 256);
    private final KeyPair intermediateKey = newKey("EC", 256);
    private final X509Certificate root = sign("CN=Test Root", rootKey, "CN=Test Root", rootKey, days(3650));
    private final X509Certificate intermediate = sign("CN=Test Issuer", intermediateKey, "CN=Test Root", rootKey, days(1825));

    /** What an import needs. PEM without line breaks at the ends. */
    record Issued(X509Certificate leaf, KeyPair key, String certificate, String chain, String privateKey) {
    }

    Issued issue(String... names) {
        return issue("CN=" + names[0], newKey("EC", 256), days(90), names);
    }

    Issued issue(String subject, KeyPair key, Instant notAfter, String... names) {
        var leaf = sign(subject, key, "CN=Test Issuer", intermediateKey, notAfter, names);
        return new Issued(leaf, key, pem(leaf), pem(intermediate), pem("PRIVATE KEY", key.getPrivate()));
    }

    String rootPem() {
        return pem(root);
    }

    String intermediatePem() {
        return pem(intermediate);
    }

    static Instant days(int fromNow) {
        return Instant.now().plus(Duration.ofDays(fromNow));
    }

    static KeyPair newKey(String algorithm, int size) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            if (size > 0) {
                generator.initialize(size);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** RSA PRIVATE KEY, or EC PRIVATE KEY without the curve, which OpenSSL then puts before it. */
    static String traditionalPem(PrivateKey key) {
        return write(key);
    }

    /**
     * EC PRIVATE KEY that names its curve, as OpenSSL 3 writes it.
     *
     * @param key on P-384
     */
    static String sec1Pem(PrivateKey key) {
        var number = ((java.security.interfaces.ECPrivateKey) key).getS();
        return write(new PemObject("EC PRIVATE KEY", encoded(new ECPrivateKey(384, number, SECObjectIdentifiers.secp384r1))));
    }

    /** EC PRIVATE KEY that names its curve and holds its public half: what OpenSSL writes by default. P-384. */
    static String sec1Pem(KeyPair keys) {
        var number = ((java.security.interfaces.ECPrivateKey) keys.getPrivate()).getS();
        var point = SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()).getPublicKeyData();
        return write(new PemObject("EC PRIVATE KEY",
                encoded(new ECPrivateKey(384, number, point, SECObjectIdentifiers.secp384r1))));
    }

    private static byte[] encoded(ECPrivateKey key) {
        try {
            return key.getEncoded();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static String pem(X509Certificate certificate) {
        return write(certificate);
    }

    static String pem(String label, PrivateKey key) {
        return write(new PemObject(label, key.getEncoded()));
    }

    private static String write(Object object) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString().replace("\r", "").strip();
    }

    private static X509Certificate sign(String subject, KeyPair key, String issuer, KeyPair issuerKey, Instant notAfter,
            String... names) {
        try {
            var builder = new JcaX509v3CertificateBuilder(new X500Name(issuer), new BigInteger(64, new SecureRandom()),
                    Date.from(notAfter.minus(Duration.ofDays(3700))), Date.from(notAfter), new X500Name(subject),
                    key.getPublic());
            if (names.length > 0) {
                var all = Arrays.stream(names).map(name -> new GeneralName(GeneralName.dNSName, name))
                        .toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
            }
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorException | GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
