package io.certcourier.certmanager;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/**
 * What a Certificate of cert-manager says of the Secret it writes.
 *
 * @param created when the Certificate itself was made, not what it certifies
 * @param secretName in the same namespace; null if it has none
 * @param issuing a new certificate is under way: the Secret may have it already, the revision not yet
 * @param revision counts issuances of this Certificate from 1; 0 before the first, and after it was made anew
 * @param notAfter of the leaf in the Secret; null if unknown
 */
record ManagedCertificate(ResourceName name, Instant created, String secretName, boolean ready, boolean issuing, long revision,
        Instant notAfter) {

    static final ResourceDefinitionContext KIND = new ResourceDefinitionContext.Builder().withGroup("cert-manager.io")
            .withVersion("v1").withKind("Certificate").withPlural("certificates").withNamespaced(true).build();

    /** Decimal digits of {@link #sequence()} that the revision has. */
    private static final long REVISIONS = 1_000_000;

    static ManagedCertificate of(GenericKubernetesResource certificate) {
        return new ManagedCertificate(ResourceName.of(certificate), time(certificate.getMetadata().getCreationTimestamp()),
                certificate.get("spec", "secretName"), condition(certificate, "Ready"), condition(certificate, "Issuing"),
                certificate.get("status", "revision") instanceof Number revision ? revision.longValue() : 0,
                time(certificate.get("status", "notAfter")));
    }

    /**
     * Grows with every issuance, also over a Certificate that was deleted and made anew, whose revision begins again at 1: the
     * second it was made in, and behind that six digits of revision.
     */
    long sequence() {
        return (created == null ? 0 : created.getEpochSecond() * REVISIONS) + revision % REVISIONS;
    }

    private static boolean condition(GenericKubernetesResource certificate, String type) {
        return certificate.get("status", "conditions") instanceof List<?> conditions
                && conditions.stream().anyMatch(each -> each instanceof Map<?, ?> condition
                        && type.equals(condition.get("type")) && "True".equals(condition.get("status")));
    }

    private static Instant time(Object text) {
        try {
            return text instanceof String rfc3339 ? Instant.parse(rfc3339) : null;
        } catch (DateTimeParseException e) {
            return null; // as unknown as none: cert-manager's own controllers write no other form
        }
    }
}
