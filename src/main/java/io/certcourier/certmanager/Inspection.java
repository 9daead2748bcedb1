package io.certcourier.certmanager;

import static io.certcourier.certmanager.Finding.TEMPORARY;
import static io.certcourier.certmanager.Finding.UNUSABLE;
import static io.certcourier.certmanager.Finding.WAITING;

import java.util.Map;

import io.fabric8.kubernetes.api.model.Secret;

/**
 * Whether a Secret holds what its Certificate says. cert-manager writes the Secret first, then revision and end of the issuance
 * in one update of the Certificate, and the dates by another controller: in between they do not agree.
 *
 * @param finding null if the certificate is to be handed over
 * @param why one sentence without the content of the Secret; null if it is to be handed over
 * @param found null unless it is to be handed over
 */
record Inspection(Finding finding, String why, FoundCertificate found) {

    private static final String CERTIFICATE_NAME = "cert-manager.io/certificate-name";

    /** Null if the Secret names no Certificate. */
    static ResourceName certificateOf(Secret secret) {
        String name = annotations(secret).get(CERTIFICATE_NAME);
        return name == null ? null : new ResourceName(secret.getMetadata().getNamespace(), name);
    }

    /** The annotations without all others. */
    static Map<String, String> certificateAnnotation(Secret secret) {
        String name = annotations(secret).get(CERTIFICATE_NAME);
        return name == null ? Map.of() : Map.of(CERTIFICATE_NAME, name);
    }

    static Map<String, String> annotations(Secret secret) {
        var annotations = secret.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    /** @param certificate null if there is none */
    static Inspection of(Secret secret, ManagedCertificate certificate) {
        if (certificateOf(secret) == null) {
            return because(UNUSABLE, "it has no annotation " + CERTIFICATE_NAME + ", so it is none of cert-manager's");
        }
        if (certificate == null) {
            return because(WAITING, "its Certificate is not there");
        }
        if (!secret.getMetadata().getName().equals(certificate.secretName())) {
            return because(UNUSABLE, "Certificate " + certificate.name() + " writes another Secret");
        }
        var found = FoundCertificate.in(secret).orElse(null);
        if (found == null) {
            return because(certificate.ready() ? UNUSABLE : WAITING, "it holds no certificate with its key that can be read");
        }
        return found.temporary() ? because(TEMPORARY, "it holds a temporary certificate") : settled(found, certificate);
    }

    private static Inspection settled(FoundCertificate found, ManagedCertificate certificate) {
        if (certificate.issuing()) {
            return because(WAITING, "Certificate " + certificate.name() + " is being issued");
        }
        if (!certificate.ready()) {
            return because(WAITING, "Certificate " + certificate.name() + " is not ready");
        }
        if (!found.notAfter().equals(certificate.notAfter())) {
            return because(WAITING, "Certificate " + certificate.name() + " tells another end than the certificate has");
        }
        return new Inspection(null, null, found);
    }

    private static Inspection because(Finding finding, String why) {
        return new Inspection(finding, why, null);
    }
}
