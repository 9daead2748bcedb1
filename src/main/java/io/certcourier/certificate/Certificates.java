package io.certcourier.certificate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

import javax.security.auth.x500.X500Principal;

import io.certcourier.certificate.InvalidCertificate.Reason;

/** X.509 certificates from PEM, back to PEM, and what is public about them. */
final class Certificates {

    private static final String LABEL = "CERTIFICATE";
    private static final int MAX_SERIAL_BITS = 256;
    private static final int SCM_NAME_HEX = 24;

    private Certificates() {
    }

    /**
     * @return in the order of the text, empty if it has no block
     * @throws InvalidCertificate CERT_UNPARSABLE, also for a block that is no certificate, such as a key
     */
    static List<X509Certificate> read(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemBlock block : PemReader.read(text.getBytes(UTF_8), Reason.CERT_UNPARSABLE)) {
            if (!block.label().equals(LABEL)) {
                throw new InvalidCertificate(Reason.CERT_UNPARSABLE, "A block among the certificates is something else.");
            }
            certificates.add(decode(block.der()));
        }
        return certificates;
    }

    private static X509Certificate decode(byte[] der) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            X509Certificate certificate = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
            // the factory also takes PKCS#7 and PEM within PEM, and ignores what follows
            if (Arrays.equals(certificate.getEncoded(), der)) {
                return certificate;
            }
        } catch (CertificateException | RuntimeException | StackOverflowError malformed) { // the JDK reads BER by recursion
            throw new InvalidCertificate(Reason.CERT_UNPARSABLE, "A certificate does not decode.");
        }
        throw new InvalidCertificate(Reason.CERT_UNPARSABLE, "A certificate block holds more than one certificate.");
    }

    static String pem(X509Certificate certificate) {
        return new String(new PemBlock(LABEL, encoded(certificate)).text(), US_ASCII);
    }

    static String pem(List<X509Certificate> certificates) {
        return certificates.stream().map(Certificates::pem).collect(Collectors.joining("\n"));
    }

    /** @throws InvalidCertificate NO_DNS_NAME, KEY_TYPE_UNSUPPORTED, or CERT_UNPARSABLE for a serial number no CA may give */
    static CertificateFacts facts(X509Certificate leaf) {
        BigInteger serial = leaf.getSerialNumber();
        if (serial.signum() < 0 || serial.bitLength() > MAX_SERIAL_BITS) {
            throw new InvalidCertificate(Reason.CERT_UNPARSABLE, "The leaf's serial number is negative or far too long.");
        }
        Names names = Names.of(leaf);
        String keyAlgorithm = KeyType.of(leaf.getPublicKey());
        String sha256 = digest("SHA-256", leaf);
        String scmName = "cr-" + names.slug() + "-" + sha256.substring(0, SCM_NAME_HEX);
        return new CertificateFacts(sha256, digest("SHA-1", leaf), serial.toString(16), names.commonName(),
                names.alternatives(),
                leaf.getIssuerX500Principal().getName(X500Principal.RFC2253), leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(), keyAlgorithm, scmName);
    }

    private static String digest(String algorithm, X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(encoded(certificate)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no " + algorithm, missing);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateException impossible) {
            throw new IllegalStateException("a decoded certificate has no encoding", impossible);
        }
    }
}
