package io.certcourier.local;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A new EC P-256 certificate from a CA that exists for this one only.
 *
 * @param leafPem one CERTIFICATE block
 * @param chainPem the issuing CA's, one block
 * @param keyPem PKCS#8
 */
record SampleCertificate(String leafPem, String chainPem, String keyPem) {

    private static final Duration LEAF_LIFE = Duration.ofDays(47);
    private static final Duration CA_LIFE = Duration.ofDays(365);
    private static final X500Name ROOT = new X500Name("O=certcourier local run,CN=Local Root CA");
    private static final X500Name ISSUER = new X500Name("O=certcourier local run,CN=Local Issuing CA");

    static SampleCertificate forName(String dnsName) {
        try {
            KeyPair root = newKeys();
            KeyPair issuer = newKeys();
            KeyPair leaf = newKeys();
            X509Certificate issuing = sign(builder(ROOT, ISSUER, issuer, CA_LIFE)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)), root);
            X509Certificate end = sign(builder(ISSUER, new X500Name("CN=" + dnsName), leaf, LEAF_LIFE)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.subjectAlternativeName, false,
                            new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName))),
                    issuer);
            return new SampleCertificate(pem("CERTIFICATE", end.getEncoded()), pem("CERTIFICATE", issuing.getEncoded()),
                    pem(leaf.getPrivate()));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("cannot make a sample certificate", e);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return leafPem + chainPem;
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys, Duration life) {
        Instant start = Instant.now().minus(Duration.ofHours(1)); // CAs backdate, for clocks that are behind
        return new JcaX509v3CertificateBuilder(issuer, new BigInteger(127, new SecureRandom()).setBit(126), Date.from(start),
                Date.from(start.plus(life)), subject, keys.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair issuer)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
    }

    private static String pem(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(der)
                + "\n-----END "
                + type + "-----\n";
    }
}
