package io.certcourier.certificate;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.certcourier.certificate.InvalidCertificate.Reason;

/** Leaf, chain and private key of one certificate, parsed and checked once. Holds key material: close it. */
public final class CertificateBundle implements AutoCloseable {

    private static final int MAX_LEAF = 4096;
    private static final int MAX_CHAIN = 8192;
    private static final int MAX_KEY = 4096;
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final CertificateFacts facts;
    private final String leafPem;
    private final String chainPem;
    private final SecretBytes keyPem;

    private CertificateBundle(CertificateFacts facts, String leafPem, String chainPem, SecretBytes keyPem) {
        this.facts = facts;
        this.leafPem = leafPem;
        this.chainPem = chainPem;
        this.keyPem = keyPem;
    }

    /**
     * Parses and checks everything that can be known before a call. The first reason found is the one thrown, in this order:
     * <ol>
     * <li>the certificates decode (CERT_UNPARSABLE), the leaf fits (CERT_TOO_LARGE)
     * <li>the leaf by itself: names (NO_DNS_NAME), key type (KEY_TYPE_UNSUPPORTED), end of validity (CERT_EXPIRED)
     * <li>the key decodes (KEY_UNPARSABLE), fits (CERT_TOO_LARGE) and belongs to the leaf (KEY_TYPE_UNSUPPORTED, KEY_MISMATCH)
     * <li>the chain: the leaf's issuer is there (CHAIN_INCOMPLETE), every block links (CHAIN_BROKEN), it fits (CERT_TOO_LARGE)
     * <li>start of validity (CERT_NOT_YET_VALID): last, because it is the only one that waiting cures
     * </ol>
     *
     * @param certificatePem one or more CERTIFICATE blocks, the first is the leaf; line ends and text around blocks do not
     *        matter
     * @param chainPem further CERTIFICATE blocks in any order; null if there are none
     * @param keyPem PKCS#8, PKCS#1 or SEC1 without passphrase; taken over, and closed whether parsing succeeds or fails
     * @param now for the leaf's expiry, and for the start of its validity (5 minutes of tolerance)
     * @throws InvalidCertificate with the first reason that makes the bundle unusable
     */
    public static CertificateBundle parse(String certificatePem, String chainPem, SecretBytes keyPem, Instant now) {
        try (keyPem) {
            List<X509Certificate> others = Certificates.read(certificatePem);
            if (others.isEmpty()) {
                throw new InvalidCertificate(Reason.CERT_UNPARSABLE, "There is no certificate block.");
            }
            X509Certificate leaf = others.remove(0);
            others.addAll(chainPem == null ? List.of() : Certificates.read(chainPem));
            String leafPem = Certificates.pem(leaf);
            requireSize("The leaf", leafPem.length(), MAX_LEAF);
            CertificateFacts facts = Certificates.facts(leaf);
            if (now.isAfter(facts.notAfter())) {
                throw new InvalidCertificate(Reason.CERT_EXPIRED, "The leaf expired at " + facts.notAfter() + ".");
            }
            try (PemBlock key = KeyReader.read(keyPem.reveal())) {
                requireSize("The key", key.textLength(), MAX_KEY);
                KeyReader.requirePair(key, leaf.getPublicKey());
                String chain = Certificates.pem(ChainOrder.of(leaf, others, now));
                requireSize("The chain", chain.length(), MAX_CHAIN);
                if (facts.notBefore().isAfter(now.plus(TOLERANCE))) {
                    throw new InvalidCertificate(Reason.CERT_NOT_YET_VALID,
                            "The leaf is valid from " + facts.notBefore() + ".");
                }
                return new CertificateBundle(facts, leafPem, chain, SecretBytes.taking(key.text()));
            }
        }
    }

    private static void requireSize(String what, int length, int limit) {
        if (length > limit) {
            throw new InvalidCertificate(Reason.CERT_TOO_LARGE,
                    what + " has " + length + " characters, SCM takes " + limit + ".");
        }
    }

    /**
     * Checks that this is the certificate the sender meant.
     *
     * @param sha256 64 hex digits in either case, as the event has them; null if it has none, which every leaf meets
     * @throws InvalidCertificate FINGERPRINT_MISMATCH; the bundle stays open
     */
    public void requireFingerprint(String sha256) {
        if (sha256 != null && !sha256.equalsIgnoreCase(facts.sha256())) {
            throw new InvalidCertificate(Reason.FINGERPRINT_MISMATCH, "The leaf is not the certificate the event names.");
        }
    }

    /** Stays readable after close. */
    public CertificateFacts facts() {
        return facts;
    }

    /** The leaf as SCM takes it: LF, no blank lines, no line break at either end; at most 4096 characters. */
    public String leafPem() {
        return leafPem;
    }

    /** The issuers in order, leaf's issuer first, in the same form; at most 8192 characters, never empty. */
    public String chainPem() {
        return chainPem;
    }

    /**
     * The private key's PEM in the container it came in and in the same form, ASCII, at most 4096 bytes. Belongs to the bundle.
     */
    public SecretBytes keyPem() {
        return keyPem;
    }

    @Override
    public void close() {
        keyPem.close();
    }

    @Override
    public String toString() {
        return "CertificateBundle[" + facts.scmName() + "]";
    }
}
