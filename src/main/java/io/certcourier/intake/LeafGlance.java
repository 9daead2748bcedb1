package io.certcourier.intake;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What the first certificate block tells before anything is checked. Routes need the DNS names, and the content of an event
 * needs a fingerprint even if the certificate, or the event for another reason, is refused.
 *
 * @param fingerprint SHA-256 of the block's DER in hex; of the text itself if there is no such block
 * @param dnsNames lower case; empty if the certificate cannot be read
 */
record LeafGlance(String fingerprint, List<String> dnsNames) {

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----");
    private static final int DNS_NAME = 2; // GeneralName's tag of a DNS name (RFC 5280)

    static LeafGlance at(String certificatePem) {
        var block = BLOCK.matcher(certificatePem);
        try {
            if (block.find()) {
                byte[] der = Base64.getMimeDecoder().decode(block.group(1));
                return new LeafGlance(Identity.sha256Hex(der), dnsNames(der));
            }
        } catch (IllegalArgumentException e) {
            // no base64: the bundle's own check says so later, with its reason code
        }
        return new LeafGlance(Identity.sha256Hex(certificatePem.getBytes(StandardCharsets.UTF_8)), List.of());
    }

    private static List<String> dnsNames(byte[] der) {
        try {
            var leaf = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der));
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            var found = new ArrayList<String>();
            for (List<?> name : names == null ? List.<List<?>> of() : names) {
                if (name.get(0).equals(DNS_NAME)) {
                    found.add(((String) name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
            return List.copyOf(found);
        } catch (CertificateException | RuntimeException | StackOverflowError e) { // the JDK reads BER by recursion
            return List.of(); // the bundle's own check says so later, with its reason code
        }
    }
}
