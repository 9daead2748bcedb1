package io.certcourier.certmanager;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The cert-renewed event of a found certificate: the same for every replica and after every start, so that only the first is a
 * renewal.
 *
 * @param annotations of the Secret; those of ours say where the certificate goes
 */
record CertificateEvent(ManagedCertificate certificate, FoundCertificate found, Map<String, String> annotations) {

    static final String SOURCE = "urn:certcourier:kubernetes:cert-manager";

    private static final String TARGETS = "certcourier.io/targets";
    private static final String ACCOUNT = "certcourier.io/account";
    private static final String AGAIN = "certcourier.io/again";
    private static final int LONGEST_ID = 256;
    private static final int DIGEST = 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Name and leaf, and a digest of what else makes it another renewal: where it goes, its sequence, and whatever stands
     * behind certcourier.io/again.
     */
    String id() {
        String wish = sha256(String.join("\n", Long.toString(certificate.sequence()), annotations.getOrDefault(ACCOUNT, ""),
                annotations.getOrDefault(TARGETS, ""), annotations.getOrDefault(AGAIN, ""))).substring(0, DIGEST);
        String name = certificate.name().toString();
        String rest = ":" + found.leafSha256() + ":" + wish;
        return name.length() + rest.length() <= LONGEST_ID ? name + rest : sha256(name) + rest;
    }

    /** A structured CloudEvent with the private key in clear, in UTF-8; for intake in this process alone. */
    byte[] bytes() {
        var event = JSON.createObjectNode().put("specversion", "1.0").put("type", "io.certcourier.certificate.renewed.v1")
                .put("source", SOURCE).put("id", id()).put("subject", certificate.name().toString())
                .put("datacontenttype", "application/json");
        event.set("data", data());
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            // without the cause: its message might print the value
            throw new IllegalStateException("a tree of texts and numbers could not be written");
        }
    }

    private ObjectNode data() {
        var data = JSON.createObjectNode().put("certificateName", certificate.name().toString())
                .put("certificatePem", found.certificatePem()).put("privateKeyPem", found.keyPem())
                .put("fingerprintSha256", found.leafSha256()).put("sequence", certificate.sequence())
                .put("reason", certificate.revision() > 1 ? "renewal" : "issuance").put("requestedBy", "cert-manager");
        if (found.chainPem() != null) {
            data.put("chainPem", found.chainPem());
        }
        if (annotations.containsKey(ACCOUNT)) {
            data.put("account", annotations.get(ACCOUNT));
        }
        if (annotations.containsKey(TARGETS)) {
            var targets = data.putArray("targets");
            Arrays.stream(annotations.get(TARGETS).split(",")).map(String::strip).forEach(each -> {
                var parts = each.split("@", 2);
                var target = targets.addObject().put("service", parts[0]);
                if (parts.length > 1) {
                    target.put("project", parts[1]);
                }
            });
        }
        return data;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "CertificateEvent[" + id() + "]";
    }
}
