package io.certcourier.certificate;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

import io.certcourier.certificate.InvalidCertificate.Reason;

/**
 * The names a leaf is good for.
 *
 * @param commonName null if the subject has none; the most specific one if it has several
 * @param alternatives well-formed DNS names as written and IP addresses in canonical form, in the certificate's order
 */
record Names(String commonName, List<String> alternatives) {

    private static final int DNS = 2;
    private static final int IP = 7;
    private static final int SLUG_LENGTH = 34;
    private static final String ALTERNATIVES = "2.5.29.17";

    // underscores are no host names but CAs issue for them; the last label is never a number, or 1.2.3.999 would be a name
    private static final Pattern DNS_NAME = Pattern
            .compile("(?=.{1,253}$)(\\*\\.)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*"
                    + "(?![0-9]+$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final Pattern IPV4 = Pattern
            .compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");

    /** @throws InvalidCertificate NO_DNS_NAME: no name at all, or a common name that is neither DNS name nor IP address */
    static Names of(X509Certificate leaf) {
        List<String> commonNames = commonNames(leaf.getSubjectX500Principal());
        if (!commonNames.stream().allMatch(Names::isName)) {
            throw new InvalidCertificate(Reason.NO_DNS_NAME, "The common name is neither a DNS name nor an IP address.");
        }
        String commonName = commonNames.isEmpty() ? null : commonNames.get(commonNames.size() - 1);
        Names names = new Names(commonName, alternatives(leaf));
        if (commonName == null && names.alternatives.isEmpty()) {
            throw new InvalidCertificate(Reason.NO_DNS_NAME, "The leaf has no DNS name and no IP address.");
        }
        return names;
    }

    /**
     * A readable piece of an SCM name: the first DNS name, else the first IP address, in lower case; at most 34 characters
     * of {@code a-z 0-9 _ - .}, first and last a letter, digit or underscore.
     */
    String slug() {
        String name = alternatives.stream().filter(Names::isDnsName).findFirst()
                .orElseGet(() -> commonName != null ? commonName : alternatives.get(0));
        String slug = name.toLowerCase(Locale.ROOT).replace("*", "wildcard").replace(':', '-');
        // an IPv6 address may begin or end with colons, and a cut may fall behind a dot
        return slug.substring(0, Math.min(slug.length(), SLUG_LENGTH)).replaceAll("^[.-]+|[.-]+$", "");
    }

    private static List<String> alternatives(X509Certificate leaf) {
        List<String> names = new ArrayList<>();
        for (List<?> entry : entries(leaf)) {
            int type = (Integer) entry.get(0);
            if (type == DNS && isDnsName((String) entry.get(1))) {
                names.add((String) entry.get(1));
            } else if (type == IP && isAddress((String) entry.get(1))) {
                names.add(canonical((String) entry.get(1)));
            }
        }
        return List.copyOf(names);
    }

    private static Collection<List<?>> entries(X509Certificate leaf) {
        try {
            Collection<List<?>> entries = leaf.getSubjectAlternativeNames();
            if (entries == null && leaf.getExtensionValue(ALTERNATIVES) != null) { // the JDK passes over what it cannot read
                throw undecodable();
            }
            return entries == null ? List.of() : entries;
        } catch (CertificateParsingException malformed) {
            throw undecodable();
        }
    }

    private static InvalidCertificate undecodable() {
        return new InvalidCertificate(Reason.CERT_UNPARSABLE, "The leaf's subject alternative names do not decode.");
    }

    /** Least specific first, as the certificate has them. */
    private static List<String> commonNames(X500Principal subject) {
        List<String> names = new ArrayList<>();
        try {
            for (Rdn rdn : new LdapName(subject.getName(X500Principal.RFC2253)).getRdns()) {
                Attribute attribute = rdn.toAttributes().get("CN");
                for (int i = 0; attribute != null && i < attribute.size(); i++) {
                    // a value that is no text is kept as "", which is no name
                    names.add(attribute.get(i) instanceof String text ? text : "");
                }
            }
        } catch (NamingException | IllegalArgumentException malformed) {
            throw new InvalidCertificate(Reason.CERT_UNPARSABLE, "The leaf's subject does not decode.");
        }
        return names;
    }

    private static boolean isName(String text) {
        return isDnsName(text) || isAddress(text);
    }

    private static boolean isDnsName(String text) {
        return DNS_NAME.matcher(text).matches();
    }

    private static boolean isAddress(String text) {
        return IPV4.matcher(text).matches() || IPV6_CHARACTERS.matcher(text).matches() && bytes(text) != null;
    }

    /**
     * IPv4 dotted; IPv6 as RFC 5952 writes it: lower case, no leading zeros, the first longest run of zero groups as
     * {@code ::}.
     */
    private static String canonical(String address) {
        byte[] bytes = IPV4.matcher(address).matches() ? null : bytes(address);
        return bytes == null || bytes.length != 16 ? address : Ipv6.text(bytes);
    }

    /** Null if the text is no address. Nothing is looked up: the JDK takes a text with a colon for a literal or refuses it. */
    private static byte[] bytes(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException noAddress) {
            return null;
        }
    }
}
