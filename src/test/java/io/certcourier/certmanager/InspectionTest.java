package io.certcourier.certmanager;

import static io.certcourier.certmanager.TestCluster.certificate;
import static io.certcourier.certmanager.TestCluster.secret;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.certificate.TestCa;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;

/** When a Secret is what its Certificate says, in every order that cert-manager may write them. */
class InspectionTest {

    private static final TestCa CA = TestCa.create();
    private static final IssuedCertificate OLD = CA.leaf("www.example.com").issue();
    private static final IssuedCertificate NEW = CA.leaf("www.example.com").validity(
            OLD.leaf().getNotBefore().toInstant().plusSeconds(60), OLD.leaf().getNotAfter().toInstant().plusSeconds(86400))
            .issue();

    private static Inspection inspect(Secret secret, GenericKubernetesResource certificate) {
        return Inspection.of(secret, certificate == null ? null : ManagedCertificate.of(certificate));
    }

    private static Secret labelled(IssuedCertificate issued) {
        return secret("www", issued, Map.of(), true);
    }

    private static SecretBuilder changed() {
        return new SecretBuilder(labelled(OLD));
    }

    @Test
    void a_secret_that_its_certificate_agrees_with_is_handed_over() {
        var inspection = inspect(labelled(OLD), certificate("www", OLD, 1, false));

        assertThat(inspection.finding()).isNull();
        assertThat(inspection.found().certificatePem()).isEqualTo(OLD.fullChainPem());
        assertThat(inspection.found().chainPem()).isNull();
    }

    @Test
    void a_renewal_waits_until_the_revision_is_written() {
        assertThat(inspect(labelled(NEW), certificate("www", OLD, 1, true)).finding()).isEqualTo(Finding.WAITING);
        // the controller of the dates may be faster than the one of the revision
        assertThat(inspect(labelled(NEW), certificate("www", NEW, 1, true)).finding()).isEqualTo(Finding.WAITING);
        assertThat(inspect(labelled(NEW), certificate("www", OLD, 2, false)).finding()).isEqualTo(Finding.WAITING);
        assertThat(inspect(labelled(NEW), certificate("www", NEW, 2, false)).finding()).isNull();
        assertThat(inspect(labelled(OLD), certificate("www", NEW, 2, false)).finding()).isEqualTo(Finding.WAITING);
    }

    @Test
    void a_first_issuance_waits_for_the_certificate() {
        assertThat(inspect(labelled(OLD), null).finding()).isEqualTo(Finding.WAITING);
        assertThat(inspect(labelled(OLD), certificate("www", null, 0, false)).finding()).isEqualTo(Finding.WAITING);
        assertThat(inspect(changed().withData(Map.of("tls.key", "a2V5")).build(), certificate("www", null, 0, true)).finding())
                .isEqualTo(Finding.WAITING);
    }

    @Test
    void a_temporary_certificate_is_none_whatever_the_certificate_says() {
        var temporary = TestCa.named("cert-manager.local").issue("www.example.com");

        assertThat(inspect(labelled(temporary), certificate("www", null, 0, true)).finding()).isEqualTo(Finding.TEMPORARY);
        assertThat(inspect(labelled(temporary), certificate("www", temporary, 1, false)).finding())
                .isEqualTo(Finding.TEMPORARY);
        var older = TestCa.named("cert-manager.local,O=cert-manager").issue("www.example.com");
        assertThat(inspect(labelled(older), certificate("www", older, 1, false)).finding()).isEqualTo(Finding.TEMPORARY);
    }

    @Test
    void what_is_no_secret_of_cert_manager_is_unusable() {
        var ready = certificate("www", OLD, 1, false);

        assertThat(inspect(changed().editMetadata().withAnnotations(Map.of()).endMetadata().build(), null).finding())
                .isEqualTo(Finding.UNUSABLE);
        assertThat(inspect(changed().editMetadata().withName("copy").endMetadata().build(), ready).finding())
                .isEqualTo(Finding.UNUSABLE);
        for (String rubbish : new String[] { "", "!!", "cnViYmlzaA==", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==" }) {
            assertThat(inspect(changed().addToData("tls.crt", rubbish).build(), ready).finding())
                    .isEqualTo(Finding.UNUSABLE);
        }
        assertThat(inspect(changed().withData(Map.of()).build(), ready).finding()).isEqualTo(Finding.UNUSABLE);
    }

    @Test
    void the_root_of_a_ca_of_ones_own_is_taken_from_beside_a_leaf_that_stands_alone() {
        var own = TestCa.createWithIntermediates(0).issue("www.example.com");
        var root = new SecretBuilder(labelled(own)).addToData("ca.crt",
                java.util.Base64.getEncoder().encodeToString(own.rootPem().getBytes())).build();

        assertThat(inspect(root, certificate("www", own, 1, false)).found().chainPem()).isEqualTo(own.rootPem());
    }

    @Test
    void nothing_of_it_prints_the_key() {
        var inspection = inspect(labelled(OLD), certificate("www", OLD, 1, false));

        assertThat(inspection.toString()).doesNotContain("BEGIN");
    }
}
