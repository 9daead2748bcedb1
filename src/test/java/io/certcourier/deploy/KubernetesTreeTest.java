package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.api.model.PodSpec;

/**
 * Every file under deploy/kubernetes: fields that exist, pods that keep to the policy, variables that are read, paths that lead
 * somewhere.
 */
class KubernetesTreeTest {

    static Stream<Path> yaml() throws IOException {
        return Tree.yaml();
    }

    static List<Path> folders() throws IOException {
        return Tree.folders();
    }

    static Stream<List<Path>> builds() throws IOException {
        var builds = new ArrayList<List<Path>>();
        Tree.components().forEach(component -> builds.add(List.of(component)));
        // what a cluster with every operator would take; its secrets come from one of the two
        builds.add(Tree.components().stream().filter(folder -> !folder.endsWith("secretproviderclass-huawei")).toList());
        return builds.stream();
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void every_document_has_only_fields_that_its_api_knows(Path file) throws IOException {
        for (var document : Yaml.documents(file)) {
            assertThat(problems(Tree.withoutDirectives(document))).as(file.toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            components/keda/scaledobject.yaml                              | /spec                   | maxReplicas
            components/cert-manager/clusterrole.yaml                       | /rules/0                | verb
            components/cert-manager/rolebinding.yaml                       | /subjects/0             | account
            components/cnpg/cluster.yaml                                   | /spec                   | instanses
            components/externalsecret/scm.yaml                             | /spec/data/0/remoteRef  | name
            components/secretproviderclass-huawei/secretproviderclass.yaml | /spec                   | parameter
            components/strimzi/topics.yaml                                 | /spec                   | partition
            components/strimzi/users.yaml                                  | /spec/authorization     | acl
            components/monitoring/podmonitor.yaml                          | /spec/podMetricsEndpoints/0 | targetport
            components/monitoring/prometheusrule.yaml                      | /spec/groups/0/rules/0  | exprr
            components/migration-job/job.yaml                              | /spec                   | backofLimit
            overlays/huawei-cce/kustomization.yaml                         | ''                      | component
            """)
    void planted_typo_is_found(String file, String parent, String typo) throws IOException {
        var document = Yaml.documents(Tree.ROOT.resolve(file)).get(0);
        ((ObjectNode) document.at(parent)).put(typo, "x");

        assertThat(problems(document)).singleElement().asString().contains(typo);
    }

    @ParameterizedTest
    @MethodSource("folders")
    void a_kustomization_names_each_file_of_its_folder_and_nothing_that_is_not_there(Path folder) throws IOException {
        var references = Tree.references(folder);

        assertThat(references).doesNotHaveDuplicates().allMatch(path -> Files.exists(folder.resolve(path)));
        assertThat(references).filteredOn(path -> Files.isDirectory(folder.resolve(path)))
                .allMatch(path -> Files.exists(folder.resolve(path).resolve("kustomization.yaml")));
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("kustomization.yaml")))
                    .isSubsetOf(references);
        }
    }

    @Test
    void every_folder_of_the_tree_is_there() throws IOException {
        assertThat(Tree.folders()).extracting(folder -> Tree.ROOT.relativize(folder).toString()).containsExactlyInAnyOrder(
                "base",
                "components/cert-manager", "components/cnpg", "components/externalsecret", "components/keda",
                "components/migration-job",
                "components/monitoring", "components/secretproviderclass-huawei", "components/strimzi", "overlays/dev",
                "overlays/huawei-cce");
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void every_variable_of_the_service_is_a_key_that_it_reads(Path file) throws IOException {
        for (var document : Yaml.documents(file)) {
            assertThat(variables(document)).as(file.toString()).allMatch(ConfigurationKeys::read);
        }
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void every_pod_keeps_to_the_policy(Path file) throws IOException {
        for (var document : Yaml.documents(file)) {
            if (document.at("/spec/template/spec").has("securityContext")) {
                assertThat(violations(document)).as(file.toString()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void kubectl_builds_the_base_with_components(List<Path> components) throws Exception {
        Tree.assumeKubectl();

        assertFit(Tree.built(components));
    }

    @Test
    void kubectl_builds_the_overlays() throws Exception {
        Tree.assumeKubectl();

        for (var overlay : Tree.overlays()) {
            var documents = Tree.built(overlay);

            assertFit(documents);
            assertThat(documents).filteredOn(document -> !document.path("kind").asText().equals("Namespace"))
                    .allMatch(document -> document.at("/metadata").has("namespace"));
        }
    }

    private static void assertFit(List<JsonNode> documents) throws IOException {
        assertThat(documents).isNotEmpty();
        for (var document : documents) {
            var name = Manifests.kind(document) + " " + document.at("/metadata/name").asText();
            assertThat(problems(document)).as(name).isEmpty();
            assertThat(variables(document)).as(name).allMatch(ConfigurationKeys::read).doesNotHaveDuplicates();
            if (document.at("/spec/template").has("spec")) {
                assertThat(violations(document)).as(name).isSubsetOf(allowed(document, documents));
            }
        }
        var settings = Tree.find(documents, "ConfigMap", "certcourier").path("data");
        var pod = Tree.find(documents, "Deployment", "certcourier").at("/spec/template/spec");
        assertThat(variables(pod)).doesNotContainAnyElementsOf(settings::fieldNames);
    }

    /** The service gets a token where it also gets rights; no other pod ever does. */
    private static List<String> allowed(JsonNode document, List<JsonNode> documents) {
        boolean rights = documents.stream().anyMatch(each -> each.path("kind").asText().equals("RoleBinding"));
        return rights && document.at("/metadata/name").asText().equals("certcourier") ? List.of(PodPolicy.TOKEN) : List.of();
    }

    private static List<String> problems(JsonNode document) throws IOException {
        return Manifests.isTyped(document) ? Manifests.unknownFields(Manifests.typed(document))
                : CustomResources.problems(document);
    }

    private static List<String> violations(JsonNode document) throws IOException {
        return PodPolicy.violations(Yaml.MAPPER.treeToValue(document.at("/spec/template/spec"), PodSpec.class));
    }

    /** The environment of our own image, from its containers and its ConfigMap. */
    private static List<String> variables(JsonNode node) {
        var names = new ArrayList<String>();
        if (node.path("kind").asText().equals("ConfigMap") && node.at("/metadata/name").asText().equals("certcourier")) {
            node.path("data").fieldNames().forEachRemaining(names::add);
        }
        if (node.has("env") && List.of("certcourier", "migrate").contains(node.path("name").asText())) {
            node.path("env").forEach(variable -> names.add(variable.path("name").asText()));
        }
        node.forEach(child -> names.addAll(variables(child)));
        return names;
    }
}
