package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.api.model.PodSpec;

/** The policy finds what it forbids, each in a pod that keeps to all the rest. */
class PodPolicyTest {

    @Test
    void pod_of_the_service_keeps_to_it() throws IOException {
        assertThat(PodPolicy.violations(pod(spec()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /                               | hostNetwork                  | true                     | uses the host
            /                               | automountServiceAccountToken | true                     | gets a token of the Kubernetes API
            /                               | enableServiceLinks           | true                     | gets variables of the services around it
            /securityContext                | runAsNonRoot                 | false                    | may run as root
            /securityContext                | runAsUser                    | 0                        | may run as root
            /securityContext/seccompProfile | type                         | Unconfined               | has no seccomp profile
            /volumes/1                      | emptyDir                     | {}                       | volume tmp is not allowed, or has no limit
            /volumes/1                      | emptyDir                     | null                     | volume tmp is not allowed, or has no limit
            /containers/0/securityContext   | allowPrivilegeEscalation     | true                     | certcourier: may gain privileges
            /containers/0/securityContext   | privileged                   | true                     | certcourier: may gain privileges
            /containers/0/securityContext   | readOnlyRootFilesystem       | false                    | certcourier: may write
            /containers/0/securityContext   | capabilities                 | {"add":["CHOWN"]}        | certcourier: has capabilities
            /containers/0/ports/0           | hostPort                     | 8080                     | certcourier: opens a host port
            /containers/0                   | image                        | "certcourier"            | certcourier: image is not pinned
            /containers/0                   | image                        | "certcourier:latest"     | certcourier: image is not pinned
            /containers/0                   | resources                    | {}                       | certcourier: asks for nothing or takes all memory
            /containers/0/env/2             | value                        | "hunter2"                | certcourier: QUARKUS_DATASOURCE_PASSWORD is in the file
            """)
    void what_it_forbids_is_found(String parent, String field, String value, String violation) throws IOException {
        var spec = spec();
        var at = parent.equals("/") ? spec : spec.at(parent);
        ((ObjectNode) at).set(field, Yaml.MAPPER.readTree(value));

        assertThat(PodPolicy.violations(pod(spec))).containsExactly(violation);
    }

    private static JsonNode spec() throws IOException {
        return Yaml.document(Manifests.BASE.resolve("deployment.yaml")).at("/spec/template/spec");
    }

    private static PodSpec pod(JsonNode spec) throws IOException {
        return Yaml.MAPPER.treeToValue(spec, PodSpec.class);
    }
}
