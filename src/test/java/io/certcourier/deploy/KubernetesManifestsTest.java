package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;

/** What the API server would only tell on apply: unknown fields, wrong types, and parts that do not fit each other. */
class KubernetesManifestsTest {

    @ParameterizedTest
    @MethodSource("typos")
    void planted_typo_is_found(String parent, String typo, String path) throws IOException {
        var deployment = Yaml.document(Manifests.BASE.resolve("deployment.yaml"));
        ((ObjectNode) deployment.at(parent)).put(typo, 3);

        var unknown = Manifests.unknownFields(Manifests.typed(deployment));

        assertThat(unknown).containsExactly(path);
    }

    static Stream<Arguments> typos() {
        var container = "/spec/template/spec/containers/0";
        return Stream.of(
                arguments("", "specs", "Deployment.specs"),
                arguments("/spec", "replica", "Deployment.spec.replica"),
                arguments(container, "livenesProbe", "Deployment.spec.template.spec.containers[0].livenesProbe"),
                arguments(container + "/startupProbe/httpGet", "url",
                        "Deployment.spec.template.spec.containers[0].startupProbe.httpGet.url"));
    }

    @Test
    void services_and_disruption_budget_and_network_policy_select_the_pods() throws IOException {
        var labels = deployment().getSpec().getTemplate().getMetadata().getLabels();

        var selectors = List.of(
                deployment().getSpec().getSelector().getMatchLabels(),
                Manifests.read("service.yaml", Service.class).getSpec().getSelector(),
                Manifests.read("service-management.yaml", Service.class).getSpec().getSelector(),
                Manifests.read("pdb.yaml", PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels(),
                Manifests.read("networkpolicy.yaml", NetworkPolicy.class).getSpec().getPodSelector().getMatchLabels());

        assertThat(selectors).allSatisfy(selector -> assertThat(labels).containsAllEntriesOf(selector));
        assertThat(selectors).noneMatch(Map::isEmpty);
    }

    @Test
    void api_and_management_never_share_a_service() throws IOException {
        var api = Manifests.read("service.yaml", Service.class).getSpec().getPorts();
        var management = Manifests.read("service-management.yaml", Service.class).getSpec().getPorts();

        assertThat(api).singleElement().satisfies(port -> {
            assertThat(port.getPort()).isEqualTo(8080);
            assertThat(port.getTargetPort().getStrVal()).isEqualTo("http");
        });
        assertThat(management).singleElement().satisfies(port -> {
            assertThat(port.getPort()).isEqualTo(9000);
            assertThat(port.getTargetPort().getStrVal()).isEqualTo("management");
        });
    }

    @Test
    void one_pod_always_stays_while_nodes_are_drained() throws IOException {
        var budget = Manifests.read("pdb.yaml", PodDisruptionBudget.class).getSpec();

        assertThat(budget.getMinAvailable().getIntVal()).isEqualTo(1);
        assertThat(deployment().getSpec().getReplicas()).isGreaterThan(budget.getMinAvailable().getIntVal());
    }

    @Test
    void network_policy_closes_both_directions_and_opens_no_port_to_everybody() throws IOException {
        var policy = Manifests.read("networkpolicy.yaml", NetworkPolicy.class).getSpec();

        assertThat(policy.getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(policy.getIngress()).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.getFrom()).isNotEmpty().allMatch(peer -> peer.getNamespaceSelector() != null
                    && !peer.getNamespaceSelector().getMatchLabels().isEmpty());
            assertThat(rule.getPorts()).isNotEmpty();
        });
        assertThat(policy.getEgress()).isNotEmpty().allSatisfy(rule -> assertThat(rule.getPorts()).isNotEmpty());
    }

    private static Deployment deployment() throws IOException {
        return Manifests.read("deployment.yaml", Deployment.class);
    }
}
