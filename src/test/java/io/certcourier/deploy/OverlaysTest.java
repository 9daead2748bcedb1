package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

/** What the overlays make of the base, built by kubectl. */
class OverlaysTest {

    @BeforeEach
    void kubectl() throws Exception {
        Tree.assumeKubectl();
    }

    private static JsonNode container(List<JsonNode> built) {
        return Tree.find(built, "Deployment", "certcourier").at("/spec/template/spec/containers/0");
    }

    private static Map<String, JsonNode> environment(List<JsonNode> built) {
        var variables = new TreeMap<String, JsonNode>();
        container(built).path("env").forEach(variable -> variables.put(variable.path("name").asText(), variable));
        return variables;
    }

    private static Map<String, String> settings(List<JsonNode> built) {
        var settings = new TreeMap<String, String>();
        Tree.find(built, "ConfigMap", "certcourier").path("data").properties()
                .forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
        return settings;
    }

    @Test
    void huawei_connects_to_dms_and_rds_with_checked_certificates() throws Exception {
        var built = Tree.built(Tree.ROOT.resolve("overlays/huawei-cce"));

        assertThat(settings(built)).containsEntry("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
                .containsEntry("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512")
                .containsEntry("KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM", "https");
        var url = environment(built).get("QUARKUS_DATASOURCE_JDBC_URL");
        assertThat(url.path("value").asText()).contains("sslmode=verify-ca");
        assertThat(url.has("valueFrom")).isFalse();
        var ca = container(built).path("volumeMounts").findParents("name").stream()
                .filter(mount -> mount.path("name").asText().equals("ca")).findFirst().orElseThrow().path("mountPath").asText();
        assertThat(url.path("value").asText()).endsWith("sslrootcert=" + ca + "/database.pem");
        assertThat(settings(built)).containsEntry("KAFKA_SSL_TRUSTSTORE_LOCATION", ca + "/kafka.pem");
    }

    @Test
    void huawei_takes_every_secret_from_csms_and_images_from_swr() throws Exception {
        var built = Tree.built(Tree.ROOT.resolve("overlays/huawei-cce"));
        var provided = Tree.find(built, "SecretProviderClass", "certcourier").at("/spec/secretObjects");
        var pod = Tree.find(built, "Deployment", "certcourier").at("/spec/template/spec");

        var names = new TreeMap<String, List<String>>();
        provided.forEach(secret -> names.put(secret.path("secretName").asText(), secret.path("data").findValuesAsText("key")));
        assertThat(pod.findValues("secretKeyRef")).isNotEmpty().allSatisfy(key -> assertThat(
                names.get(key.path("name").asText())).contains(key.path("key").asText()));
        var keys = pod.path("volumes").findParents("csi");
        assertThat(keys).singleElement().satisfies(volume -> {
            assertThat(volume.path("name").asText()).isEqualTo("keys");
            assertThat(volume.has("secret")).isFalse();
        });
        assertThat(container(built).path("image").asText()).matches("swr\\..+/certcourier:" + Pom.version());
        assertThat(pod.at("/imagePullSecrets/0/name").asText()).isEqualTo("default-secret");
    }

    @Test
    void huawei_reads_keys_of_scm_from_a_file_that_can_be_renewed() throws Exception {
        var built = Tree.built(Tree.ROOT.resolve("overlays/huawei-cce"));

        assertThat(settings(built).get("CERTCOURIER_SCM_ACCOUNTS_DEFAULT_CREDENTIALS_FILE"))
                .startsWith(container(built).at("/volumeMounts").findParents("name").stream()
                        .filter(mount -> mount.path("name").asText().equals("keys")).findFirst().orElseThrow()
                        .path("mountPath").asText() + "/");
        assertThat(environment(built).keySet()).noneMatch(variable -> variable.matches(".*(ACCESS|SECRET)_KEY"));
    }

    @Test
    void huawei_reaches_broker_and_database_inside_the_vpc_only() throws Exception {
        var policy = Tree.find(Tree.built(Tree.ROOT.resolve("overlays/huawei-cce")), "NetworkPolicy", "certcourier");

        for (var rule : policy.at("/spec/egress")) {
            var port = rule.at("/ports/0/port").asInt();
            assertThat(rule.has("to")).as("port " + port).isEqualTo(port != 443);
        }
    }

    @Test
    void dev_talks_to_its_emulator() throws Exception {
        var built = Tree.built(Tree.ROOT.resolve("overlays/dev"));
        var emulator = Tree.find(built, "Service", "scm-emulator");

        assertThat(settings(built)).containsEntry("CERTCOURIER_SCM_ACCOUNTS_DEFAULT_ENDPOINT",
                "http://scm-emulator:" + emulator.at("/spec/ports/0/port").asText());
        assertThat(Tree.find(built, "NetworkPolicy", "certcourier").at("/spec/egress").findValuesAsText("port"))
                .contains(emulator.at("/spec/ports/0/port").asText());
        assertThat(Tree.find(built, "Deployment", "scm-emulator").at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("certcourier-scm-emulator:" + Pom.version());
        assertThat(built).noneMatch(document -> document.path("kind").asText().equals("PodDisruptionBudget"));
    }
}
