package io.certcourier.certmanager;

import static io.certcourier.certmanager.TestCluster.certificate;
import static io.certcourier.certmanager.TestCluster.secret;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.certificate.TestCa;

class CertificateEventTest {

    private static final IssuedCertificate ISSUED = TestCa.create().issue("www.example.com");
    private static final long CREATED = Instant.parse("2026-11-20T08:00:00Z").getEpochSecond();

    private static CertificateEvent event(int revision, Map<String, String> annotations) {
        var found = FoundCertificate.in(secret("www", ISSUED, annotations, true)).orElseThrow();
        return new CertificateEvent(ManagedCertificate.of(certificate("www", ISSUED, revision, false)), found, annotations);
    }

    private static JsonNode json(CertificateEvent event) throws IOException {
        return new ObjectMapper().readTree(event.bytes());
    }

    @Test
    void the_same_secret_is_the_same_event() {
        assertThat(event(2, Map.of()).id()).isEqualTo(event(2, Map.of("other", "annotation")).id())
                .startsWith(
                        "shop/www:" + FoundCertificate.in(secret("www", ISSUED, Map.of(), true)).orElseThrow().leafSha256());
        assertThat(event(2, Map.of()).bytes()).isEqualTo(event(2, Map.of()).bytes());
    }

    @Test
    void another_wish_is_another_event() {
        assertThat(event(2, Map.of("certcourier.io/targets", "CDN")).id()).isNotEqualTo(event(2, Map.of()).id());
        assertThat(event(2, Map.of("certcourier.io/account", "prod")).id()).isNotEqualTo(event(2, Map.of()).id());
        assertThat(event(2, Map.of("certcourier.io/again", "1")).id()).isNotEqualTo(event(2, Map.of()).id());
        assertThat(event(3, Map.of()).id()).isNotEqualTo(event(2, Map.of()).id());
    }

    @Test
    void a_long_name_leaves_room_for_the_rest_of_the_id() {
        var certificate = new ManagedCertificate(new ResourceName("n".repeat(63), "c".repeat(180)), Instant.EPOCH, "s", true,
                false, 1, Instant.EPOCH);

        assertThat(new CertificateEvent(certificate, event(1, Map.of()).found(), Map.of()).id()).hasSizeLessThan(257);
    }

    @Test
    void revision_is_the_end_of_the_sequence_and_a_new_certificate_begins_higher() throws IOException {
        assertThat(json(event(17, Map.of())).at("/data/sequence").asLong()).isEqualTo(CREATED * 1_000_000 + 17);
        var anew = certificate("www", ISSUED, 1, false);
        anew.getMetadata().setCreationTimestamp("2026-11-20T08:00:01Z");
        assertThat(ManagedCertificate.of(anew).sequence()).isGreaterThan(event(17, Map.of()).certificate().sequence());
        anew.getMetadata().setCreationTimestamp("2200-01-01T00:00:00Z");
        assertThat(ManagedCertificate.of(anew).sequence()).isLessThan(1L << 53);
    }

    @Test
    void annotations_say_where_it_goes() throws IOException {
        var data = json(event(2, Map.of("certcourier.io/targets", "CDN, ELB@cn-north-4", "certcourier.io/account", "prod")))
                .path("data");

        assertThat(data.path("account").asText()).isEqualTo("prod");
        assertThat(data.path("targets").toString())
                .isEqualTo("[{\"service\":\"CDN\"},{\"service\":\"ELB\",\"project\":\"cn-north-4\"}]");
        assertThat(data.path("reason").asText()).isEqualTo("renewal");
        assertThat(json(event(1, Map.of())).path("data").has("targets")).isFalse();
    }
}
