package io.certcourier.certmanager;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import io.fabric8.kubernetes.api.model.Secret;

/**
 * The certificate in a Secret, not checked yet. Holds the private key as the API server sends it, and prints it nowhere.
 *
 * @param leafSha256 of its DER, in hex
 * @param chainPem null if the certificates are all in certificatePem
 */
record FoundCertificate(String certificatePem, String chainPem, String keyPem, String leafSha256, Instant notAfter,
        boolean temporary) {

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN CERTIFICATE-----");
    /** The CA that cert-manager makes and forgets for a temporary certificate; other attributes depend on its version. */
    private static final Pattern TEMPORARY_ISSUER = Pattern.compile("(?:.*,)?CN=cert-manager\\.local(?:,.*)?");

    /** Empty if there is no key, no certificate, or one that cannot be read. */
    static Optional<FoundCertificate> in(Secret secret) {
        Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
        try {
            String pem = text(data.get("tls.crt"));
            String key = text(data.get("tls.key"));
            if (pem.isBlank() || key.isBlank()) {
                return Optional.empty();
            }
            var leaf = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
            return Optional.of(new FoundCertificate(pem, issuer(pem, text(data.get("ca.crt"))), key, sha256(leaf.getEncoded()),
                    leaf.getNotAfter().toInstant(),
                    TEMPORARY_ISSUER.matcher(leaf.getIssuerX500Principal().getName()).matches()));
        } catch (CertificateException | RuntimeException | StackOverflowError e) { // the JDK reads BER by recursion
            return Optional.empty();
        }
    }

    /** A CA of one's own signs leaves with its root, which is then not in tls.crt; of a public one ca.crt is empty. */
    private static String issuer(String certificatePem, String caPem) {
        return BLOCK.matcher(certificatePem).results().count() == 1 && BLOCK.matcher(caPem).find() ? caPem : null;
    }

    private static String text(String base64) {
        return base64 == null ? "" : new String(Base64.getDecoder().decode(base64), UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "FoundCertificate[" + leafSha256 + "]";
    }
}
