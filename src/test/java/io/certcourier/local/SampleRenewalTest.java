package io.certcourier.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

class SampleRenewalTest {

    private static final PlatformSettings SETTINGS = new PlatformSettings(Optional.empty(), Map.of(), Path.of("unused"),
            Optional.empty(), Optional.of("shop/www.example.com"));

    @Test
    void the_identity_is_the_one_of_the_contract() {
        assertThat(SampleRenewal.renewalId("urn:certbot:web-3", "www.example.com:17"))
                .hasToString("8376464f-c7e5-8048-80c5-d2862540b59a");
        assertThat(SampleRenewal.renewalId("urn:certbot:web-3",
                "www.example.com:73e7fe96c35545f06f13cb45e71c0df0c79a0d51d9ca483d92ff06aeec689823"))
                .hasToString("7cf62144-ace7-85bc-bb19-bf209358c97f");
    }

    @Test
    void the_event_passes_the_published_schema() throws Exception {
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("schemas", "cert-renewed.schema.json")), InputFormat.JSON);

        var record = SampleRenewal.from(SETTINGS).record();

        assertThat(schema.validate(new String(record.value(), UTF_8), InputFormat.JSON)).isEmpty();
        assertThat(record.key()).isEqualTo("shop/www.example.com");
        assertThat(new ObjectMapper().readTree(record.value()).path("targets").toString()).isEqualTo(
                "[{\"service\":\"CDN\"},{\"service\":\"ELB\",\"project\":\"cn-north-4\"},{\"service\":\"WAF\",\"project\":\"cn-north-4\"}]");
    }

    @Test
    void the_sample_leaf_is_signed_by_the_sample_issuer_and_names_the_site() throws Exception {
        var sample = SampleCertificate.forName("shop.example.com");

        X509Certificate leaf = (X509Certificate) parse(sample.leafPem());
        leaf.verify(parse(sample.chainPem()).getPublicKey());
        assertThat(leaf.getSubjectAlternativeNames()).anySatisfy(name -> assertThat(name.get(1)).isEqualTo("shop.example.com"));
        assertThat(sample.toString()).doesNotContain("PRIVATE KEY");
    }

    private static Certificate parse(String pem) throws Exception {
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem.getBytes(UTF_8)));
    }
}
