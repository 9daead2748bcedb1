package io.certcourier.certificate;

import java.time.Instant;
import java.util.List;

/**
 * What is public about a leaf certificate.
 *
 * @param sha256 lower-case hex of the DER's SHA-256, 64 characters
 * @param sha1 lower-case hex of the DER's SHA-1, 40 characters: what SCM shows
 * @param serialNumber lower-case hex
 * @param commonName null if the subject has none
 * @param subjectAltNames well-formed DNS names as written and IP addresses (IPv6 as RFC 5952 has it), in the certificate's
 *        order
 * @param issuer RFC 4514 distinguished name
 * @param keyAlgorithm {@code EC-P256}, {@code EC-P384}, {@code RSA-2048} and so on
 * @param scmName the deterministic name of this certificate in SCM: {@code cr-<slug of the first name>-<24 hex of sha256>},
 *        at most 62 characters of {@code a-z 0-9 _ - .}
 */
public record CertificateFacts(String sha256, String sha1, String serialNumber, String commonName, List<String> subjectAltNames,
        String issuer, Instant notBefore, Instant notAfter, String keyAlgorithm, String scmName) {
}
