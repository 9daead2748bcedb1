package io.certcourier.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class IdentityTest {

    @Test
    void renewal_id_follows_the_published_vectors() {
        assertThat(Identity.renewalId("urn:certbot:web-3", "www.example.com:17"))
                .hasToString("8376464f-c7e5-8048-80c5-d2862540b59a");
        assertThat(Identity.renewalId("urn:certbot:web-3",
                "www.example.com:73e7fe96c35545f06f13cb45e71c0df0c79a0d51d9ca483d92ff06aeec689823"))
                .hasToString("7cf62144-ace7-85bc-bb19-bf209358c97f");
    }

    @Test
    void refusal_id_is_made_of_coordinates_and_hash() {
        String hash = Identity.sha256Hex("{".getBytes(StandardCharsets.UTF_8));

        assertThat(Identity.refusalId("cert-renewed", 3, 1848, hash)).hasToString("4ae77679-3811-8510-9626-298dcec7f20f");
    }

    @Test
    void ids_are_version_8_and_of_the_rfc_variant() {
        for (int i = 0; i < 100; i++) {
            var id = Identity.renewalId("urn:test", String.valueOf(i));

            assertThat(id.version()).isEqualTo(8);
            assertThat(id.variant()).isEqualTo(2);
        }
    }

    @Test
    void payload_hash_is_the_same_in_every_release() {
        assertThat(HexFormat.of().formatHex(Identity.payloadHash(event(Map.of("sequence", 17)), "ab")))
                .isEqualTo("fe68089db193aaa215756e3c7d51cbac319cd1568ab5dd05337f657bfaf55505");
    }

    @Test
    void payload_hash_ignores_order_of_targets_and_what_does_not_count() {
        var elb = Map.of("service", "ELB", "project", "cn-north-4");
        var cdn = Map.of("service", "CDN");

        var one = event(Map.of("targets", List.of(cdn, elb), "reason", "renewal", "labels", Map.of("a", "b")));
        var other = event(Map.of("targets", List.of(elb, cdn), "redeliver", "if-changed", "requestedBy", "me",
                "replaces", Map.of("notAfter", "2026-12-20T23:59:59Z"), "chainPem", "other"));

        assertThat(Identity.payloadHash(one, "ab")).isEqualTo(Identity.payloadHash(other, "ab"));
    }

    @Test
    void payload_hash_tells_apart_what_counts() {
        var hashes = List.of(Identity.payloadHash(event(Map.of()), "ab"), Identity.payloadHash(event(Map.of()), "cd"),
                Identity.payloadHash(event(Map.of("certificateName", "other")), "ab"),
                Identity.payloadHash(event(Map.of("account", "prod")), "ab"),
                Identity.payloadHash(event(Map.of("sequence", 1)), "ab"),
                Identity.payloadHash(event(Map.of("redeliver", "always")), "ab"),
                Identity.payloadHash(event(Map.of("targets", List.of(Map.of("service", "CDN")))), "ab"));

        assertThat(hashes.stream().map(HexFormat.of()::formatHex)).doesNotHaveDuplicates();
    }

    private static CertRenewed event(Map<String, Object> fields) {
        var data = EventBuilder.JSON.createObjectNode().put("certificateName", "www");
        fields.forEach((name, value) -> data.set(name, EventBuilder.JSON.valueToTree(value)));
        return CertRenewed.of(data);
    }
}
