package io.certcourier.intake;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The data of a cert-renewed event exactly as schemas/cert-renewed.schema.json spells it; null: absent. Prints no key. */
@JsonIgnoreProperties(ignoreUnknown = true)
record CertRenewed(String certificateName, String certificatePem, String chainPem, String privateKeyJwe, String privateKeyPem,
        String fingerprintSha256, String idempotencyKey, Long sequence, Replaces replaces, String reason, String requestedBy,
        String account, List<Target> targets, String redeliver, Map<String, String> labels) {

    private static final ObjectMapper JSON = new ObjectMapper();

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Target(String service, String project) {

        /** The form of {@link io.certcourier.certificate.Target}, for services that are not known here as well. */
        @Override
        public String toString() {
            return project == null ? service : service + "@" + project;
        }
    }

    /** @param notAfter RFC 3339 */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Replaces(String fingerprintSha256, String notAfter) {
    }

    /** @param data must follow the schema */
    static CertRenewed of(JsonNode data) {
        try {
            return JSON.treeToValue(data, CertRenewed.class);
        } catch (JsonProcessingException e) {
            // without the cause: its message prints the value
            throw new IllegalStateException("data that follows the schema does not bind: " + e.getClass().getSimpleName());
        }
    }

    boolean always() {
        return "always".equals(redeliver);
    }

    @Override
    public String toString() {
        return "CertRenewed[" + certificateName + "]";
    }
}
