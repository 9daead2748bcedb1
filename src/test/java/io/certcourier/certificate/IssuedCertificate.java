package io.certcourier.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.StringWriter;
import java.security.KeyPair;
import java.security.Provider;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * A leaf of a {@link TestCa} and what a producer would send of it. Every PEM text is written by Bouncy Castle and ends in a
 * line break, as openssl's files do.
 *
 * @param chain leaf's issuer first, without the root
 */
public record IssuedCertificate(X509Certificate leaf, List<X509Certificate> chain, X509Certificate root, KeyPair keys) {

    /** Never registered: the service itself must do without it. */
    private static final Provider BC = new BouncyCastleProvider();

    public String leafPem() {
        return pem(leaf);
    }

    /** The intermediates; empty if the root signed the leaf. */
    public String chainPem() {
        return pem(chain);
    }

    public String fullChainPem() {
        return leafPem() + chainPem();
    }

    public String rootPem() {
        return pem(root);
    }

    /** PKCS#8. */
    public String keyPem() {
        return write(new PemObject("PRIVATE KEY", keys.getPrivate().getEncoded()));
    }

    /** PKCS#8, to be taken over. */
    public SecretBytes keyBytes() {
        return secret(keyPem());
    }

    /** PKCS#1 for an RSA key, SEC1 for an EC key: the containers openssl calls traditional. */
    public String traditionalKeyPem() {
        return write(traditional());
    }

    /** What {@code openssl ecparam -genkey} writes: the curve in a block of its own, then SEC1. P-256 only. */
    public String keyWithParametersPem() {
        try {
            return write(new PemObject("EC PARAMETERS", X9ObjectIdentifiers.prime256v1.getEncoded())) + traditionalKeyPem();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** PKCS#8 behind a passphrase. */
    public String encryptedKeyPem() {
        try {
            return write(new JcaPKCS8Generator(keys.getPrivate(),
                    new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC).setProvider(BC)
                            .setPassword("secret".toCharArray())
                            .build()));
        } catch (IOException | OperatorCreationException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The traditional container behind a passphrase: Proc-Type and DEK-Info lines. */
    public String encryptedTraditionalKeyPem() {
        try {
            return write(new JcaMiscPEMGenerator(keys.getPrivate(),
                    new JcePEMEncryptorBuilder("AES-128-CBC").setProvider(BC).build("secret".toCharArray())));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** What the service makes of it: chain without root, PKCS#8, now. Close it. */
    public CertificateBundle bundle() {
        return CertificateBundle.parse(leafPem(), chain.isEmpty() ? rootPem() : chainPem(), keyBytes(), Instant.now());
    }

    public static SecretBytes secret(String keyPem) {
        return SecretBytes.taking(keyPem.getBytes(US_ASCII));
    }

    public static String pem(X509Certificate certificate) {
        try {
            return write(new PemObject("CERTIFICATE", certificate.getEncoded()));
        } catch (CertificateEncodingException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public static String pem(List<X509Certificate> certificates) {
        return certificates.stream().map(IssuedCertificate::pem).collect(Collectors.joining());
    }

    @Override
    public String toString() {
        return leaf.getSubjectX500Principal() + " by " + leaf.getIssuerX500Principal();
    }

    private PemObject traditional() {
        try {
            PrivateKeyInfo key = PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded());
            if (keys.getPrivate() instanceof ECPrivateKey ec) {
                SubjectPublicKeyInfo certified = SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
                // as openssl writes it: Bouncy Castle's own writer leaves curve and point out for a key of the JDK
                return new PemObject("EC PRIVATE KEY",
                        new org.bouncycastle.asn1.sec.ECPrivateKey(ec.getParams().getOrder().bitLength(),
                                ec.getS(), certified.getPublicKeyData(), certified.getAlgorithm().getParameters())
                                .getEncoded());
            }
            return new PemObject("RSA PRIVATE KEY", key.parsePrivateKey().toASN1Primitive().getEncoded());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** SEC1 that leaves its curve to whoever holds the certificate: allowed by the standard, read by next to nobody. */
    public String keyWithoutCurvePem() {
        try {
            PrivateKeyInfo key = PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded());
            return write(new PemObject("EC PRIVATE KEY", key.parsePrivateKey().toASN1Primitive().getEncoded()));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String write(PemObjectGenerator generator) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(generator);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        return text.toString();
    }
}
