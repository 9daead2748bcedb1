package io.certcourier.certmanager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.certcourier.certificate.TestCa;

/** What stays in memory as long as the process. */
class NameStoreTest {

    @Test
    void a_secret_is_remembered_without_its_key() {
        var secret = TestCluster.secret("www", TestCa.create().issue("www.example.com"),
                Map.of("kubectl.kubernetes.io/last-applied-configuration", "{\"data\":{\"tls.key\":\"c2VjcmV0\"}}"), true);
        var store = NameStore.ofSecrets();

        store.put(store.getKey(secret), secret);

        var kept = store.get("shop/www-tls");
        assertThat(kept.toString()).doesNotContain("tls.key", "tls.crt", "c2VjcmV0").contains("www-tls");
        assertThat(Inspection.certificateOf(kept)).isEqualTo(new ResourceName("shop", "www"));
        assertThat(store.remove("shop/www-tls")).isSameAs(kept);
        assertThat(store.size()).isZero();
    }

    @Test
    void a_certificate_is_remembered_by_name_and_version() {
        var certificate = TestCluster.certificate("www", null, 3, false);
        certificate.getMetadata().setResourceVersion("17");
        var store = NameStore.ofCertificates();

        store.put(store.getKey(certificate), certificate);

        assertThat(store.get("shop/www").toString()).doesNotContain("secretName").contains("17");
    }
}
