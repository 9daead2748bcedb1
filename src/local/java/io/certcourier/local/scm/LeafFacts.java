package io.certcourier.local.scm;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import javax.naming.NamingException;
import javax.naming.ldap.LdapName;

/**
 * What SCM reads from a leaf.
 *
 * @param commonName null if the subject has none
 * @param names further DNS names and addresses, without the main domain
 * @param fingerprint SHA-1, lower-case hex
 */
record LeafFacts(String commonName, String domain, List<String> names, Instant notBefore, Instant notAfter,
        String signatureAlgorithm, String fingerprint) {

    private static final int DNS = 2;
    private static final int ADDRESS = 7;
    private static final String LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
    private static final Pattern DNS_NAME = Pattern.compile("(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*");
    private static final Pattern IP = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+");

    /** @throws Refusal SCM.0009 no domain; SCM.0070 one that is malformed */
    static LeafFacts of(X509Certificate leaf) throws CertificateParsingException {
        var commonName = commonName(leaf);
        var alternatives = alternatives(leaf);
        var domain = commonName.or(() -> alternatives.stream().findFirst())
                .orElseThrow(() -> Refusal.scm("SCM.0009", "The certificate names no domain."));
        var all = new LinkedHashSet<String>();
        all.add(domain);
        all.addAll(alternatives);
        if (!all.stream().allMatch(LeafFacts::wellFormed)) {
            throw Refusal.scm("SCM.0070", "A domain name in the certificate is malformed.");
        }
        all.remove(domain);
        return new LeafFacts(commonName.orElse(null), domain, List.copyOf(all), leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(), leaf.getSigAlgName(), sha1(leaf));
    }

    int domainCount() {
        return names.size() + 1;
    }

    int wildcardCount() {
        return (int) names.stream().filter(name -> name.startsWith("*.")).count() + (domain.startsWith("*.") ? 1 : 0);
    }

    boolean covers(String host) {
        return domain.equalsIgnoreCase(host) || names.stream().anyMatch(host::equalsIgnoreCase)
                || wildcardFor(domain, host) || names.stream().anyMatch(name -> wildcardFor(name, host));
    }

    private static boolean wildcardFor(String name, String host) {
        return name.startsWith("*.") && host.indexOf('.') > 0
                && host.substring(host.indexOf('.')).equalsIgnoreCase(name.substring(1));
    }

    private static boolean wellFormed(String name) {
        return name.length() <= 253 && (DNS_NAME.matcher(name).matches() || IP.matcher(name).matches());
    }

    private static Optional<String> commonName(X509Certificate leaf) throws CertificateParsingException {
        try {
            for (var part : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
                var value = part.toAttributes().get("CN");
                if (value != null) {
                    return Optional.of(String.valueOf(value.get()));
                }
            }
            return Optional.empty();
        } catch (NamingException unreadable) {
            throw new CertificateParsingException("unreadable subject", unreadable);
        }
    }

    private static List<String> alternatives(X509Certificate leaf) throws CertificateParsingException {
        var found = new ArrayList<String>();
        var entries = leaf.getSubjectAlternativeNames();
        if (entries != null) {
            for (var entry : entries) {
                var kind = (Integer) entry.get(0);
                if (kind == DNS || kind == ADDRESS) {
                    found.add((String) entry.get(1));
                }
            }
        }
        return found;
    }

    private static String sha1(X509Certificate leaf) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(leaf.getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a parsed certificate has bytes", impossible);
        }
    }
}
