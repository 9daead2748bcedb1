package io.certcourier.certificate;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.certcourier.certificate.InvalidCertificate.Reason;

/**
 * Puts the issuers of a leaf in order. A link is a name and a signature: the issuer's subject, and its key verifies.
 *
 * <p>
 * Every block must be linked to the leaf, directly or through others. Where several blocks issue the same one (an issuer
 * renewed, or signed by two roots) only one of them can be in SCM's straight chain: one that is valid now goes before one that
 * is not, one that leads on before a root, then the order of the sender.
 */
final class ChainOrder {

    static final int MAX_CERTIFICATES = 20;

    /** Far more than any real chain needs; issuers that all signed one another would ask for the square of their number. */
    static final int MAX_CHECKS = 100;

    private static final int MAX_RSA_BITS = 8192;
    private static final int MAX_EXPONENT_BITS = 64;

    private final X509Certificate leaf;
    private final Set<X509Certificate> others;
    private final Map<X509Certificate, List<X509Certificate>> issuers = new LinkedHashMap<>();
    private int checks;

    private ChainOrder(X509Certificate leaf, List<X509Certificate> others) {
        this.leaf = leaf;
        this.others = new LinkedHashSet<>(others);
        this.others.remove(leaf);
    }

    /**
     * @param others any order; the leaf and duplicates among them are dropped
     * @return leaf's issuer first, never empty; a self-signed root at the end only if it is the only one
     * @throws InvalidCertificate CHAIN_INCOMPLETE, CHAIN_BROKEN, or CERT_TOO_LARGE for more than {@value #MAX_CERTIFICATES}
     */
    static List<X509Certificate> of(X509Certificate leaf, List<X509Certificate> others, Instant now) {
        ChainOrder order = new ChainOrder(leaf, others);
        if (order.others.size() > MAX_CERTIFICATES) {
            throw new InvalidCertificate(Reason.CERT_TOO_LARGE, "There are more than " + MAX_CERTIFICATES + " issuers.");
        }
        order.findLinks();
        order.requireAllLinked();
        return order.straight(now);
    }

    private void findLinks() {
        Deque<X509Certificate> open = new ArrayDeque<>(List.of(leaf));
        while (!open.isEmpty()) {
            X509Certificate certificate = open.remove();
            if (!issuers.containsKey(certificate)) {
                List<X509Certificate> found = others.stream().filter(other -> issued(other, certificate)).toList();
                issuers.put(certificate, found);
                open.addAll(found);
            }
        }
    }

    private void requireAllLinked() {
        if (issuers.get(leaf).isEmpty()) {
            if (others.stream().anyMatch(other -> named(other, leaf))) {
                throw new InvalidCertificate(Reason.CHAIN_BROKEN,
                        "A certificate has the issuer's name but did not sign the leaf.");
            }
            throw new InvalidCertificate(Reason.CHAIN_INCOMPLETE, "The leaf's issuer is missing; SCM needs at least one.");
        }
        int strays = others.size() + 1 - issuers.size();
        if (strays > 0) {
            throw new InvalidCertificate(Reason.CHAIN_BROKEN, "Certificates without a link to the leaf: " + strays + ".");
        }
    }

    private List<X509Certificate> straight(Instant now) {
        List<X509Certificate> chain = new ArrayList<>();
        Optional<X509Certificate> next = best(leaf, chain, now);
        while (next.isPresent()) {
            X509Certificate issuer = next.get();
            chain.add(issuer);
            next = selfSigned(issuer) ? Optional.empty() : best(issuer, chain, now);
        }
        int last = chain.size() - 1;
        if (last > 0 && selfSigned(chain.get(last))) {
            chain.remove(last);
        }
        return List.copyOf(chain);
    }

    private Optional<X509Certificate> best(X509Certificate certificate, List<X509Certificate> taken, Instant now) {
        return issuers.get(certificate).stream()
                .filter(issuer -> !taken.contains(issuer)) // two issuers may have signed each other
                .min(Comparator.comparing((X509Certificate issuer) -> !validAt(issuer, now))
                        .thenComparing(this::selfSigned)); // the first of equals stays first
    }

    private static boolean validAt(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant()) && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    private boolean selfSigned(X509Certificate certificate) {
        return issuers.get(certificate).contains(certificate);
    }

    private boolean issued(X509Certificate issuer, X509Certificate certificate) {
        return named(issuer, certificate) && signed(issuer, certificate);
    }

    private static boolean named(X509Certificate issuer, X509Certificate certificate) {
        return issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private boolean signed(X509Certificate issuer, X509Certificate certificate) {
        if (++checks > MAX_CHECKS) {
            throw new InvalidCertificate(Reason.CHAIN_BROKEN,
                    "The issuers signed one another in more ways than can be put in order.");
        }
        try {
            PublicKey key = issuer.getPublicKey();
            if (slow(key)) {
                return false;
            }
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException | RuntimeException notItsSignature) { // unchecked: keys the provider cannot work with
            return false;
        }
    }

    /** Keys that no authority has, made to keep a verifier busy. */
    private static boolean slow(PublicKey key) {
        return key instanceof RSAPublicKey rsa && (rsa.getModulus().bitLength() > MAX_RSA_BITS
                || rsa.getPublicExponent().bitLength() > MAX_EXPONENT_BITS);
    }
}
