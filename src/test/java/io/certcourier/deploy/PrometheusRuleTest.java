package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

/** The rules as a resource, written from the rule file: {@code mvn test -Dtest=PrometheusRuleTest -Dregenerate}. */
class PrometheusRuleTest {

    private static final Path RULES = Path.of("deploy/monitoring/rules.yaml");
    private static final Path RESOURCE = Tree.ROOT.resolve("components/monitoring/prometheusrule.yaml");

    @Test
    void resource_holds_the_rules() throws IOException {
        if (System.getProperty("regenerate") != null) {
            Files.writeString(RESOURCE, document());
        }

        assertThat(RESOURCE).as("run with -Dregenerate").content().isEqualTo(document());
        assertThat(Yaml.document(RESOURCE).path("spec")).isEqualTo(Yaml.document(RULES));
    }

    private static String document() throws IOException {
        var rules = Files.readString(RULES).lines().filter(line -> !line.equals("---") && !line.startsWith("#"));
        return """
                # The rules of deploy/monitoring/rules.yaml, written by PrometheusRuleTest; do not edit.
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata:
                  name: certcourier
                  labels:
                    app.kubernetes.io/name: certcourier
                spec:
                """ + rules.map(line -> line.isEmpty() ? "\n" : "  " + line + "\n").collect(Collectors.joining());
    }
}
