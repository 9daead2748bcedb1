package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;

/** The alerts: valid, tried, explained, and about meters that exist. */
class MonitoringTest {

    private static final Path FOLDER = Path.of("deploy/monitoring");
    private static final Path RUNBOOK = Path.of("docs/runbook.md");
    private static final Pattern METER = Pattern.compile("certcourier_[a-z_]+");

    static Stream<JsonNode> alerts() throws IOException {
        var rules = Yaml.document(FOLDER.resolve("rules.yaml")).at("/groups/0/rules");
        return StreamSupport.stream(rules.spliterator(), false);
    }

    @Test
    void promtool_takes_the_rules_and_passes_their_tests() throws Exception {
        Tool.assumeInstalled("promtool");

        var check = Tool.run("promtool", "check", "rules", FOLDER.resolve("rules.yaml").toString());
        var test = Tool.run("promtool", "test", "rules", FOLDER.resolve("rules_test.yaml").toString());

        assertThat(check.exitCode()).as(check.output()).isZero();
        assertThat(test.exitCode()).as(test.output()).isZero();
    }

    @Test
    void every_alert_has_a_case_that_fires_and_one_that_does_not() throws IOException {
        var cases = StreamSupport.stream(Yaml.document(FOLDER.resolve("rules_test.yaml")).get("tests").spliterator(), false)
                .map(test -> test.get("alert_rule_test").get(0))
                .map(test -> test.get("alertname").asText() + (test.get("exp_alerts").isEmpty() ? " silent" : " fires"))
                .toList();

        var wanted = alerts().map(alert -> alert.get("alert").asText())
                .flatMap(alert -> Stream.of(alert + " fires", alert + " silent")).toList();

        assertThat(cases).containsExactlyInAnyOrderElementsOf(wanted);
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void alert_has_a_severity_and_a_section_of_the_runbook(JsonNode alert) throws IOException {
        assertThat(alert.at("/labels/severity").asText()).isIn("page", "ticket");
        var link = alert.at("/annotations/runbook").asText().split("#");

        assertThat(Path.of(link[0])).isEqualTo(RUNBOOK).content().contains("\n## " + link[1] + "\n");
    }

    @Test
    void every_section_of_the_runbook_is_about_an_alert() throws IOException {
        var sections = Pattern.compile("(?m)^## (.+)$").matcher(Files.readString(RUNBOOK)).results()
                .map(match -> match.group(1));

        assertThat(sections).containsExactlyElementsOf(
                alerts().map(alert -> alert.at("/annotations/runbook").asText().split("#")[1]).toList());
    }

    /** docs/metrics.md is written from the code. */
    @Test
    void every_meter_that_a_rule_or_the_runbook_names_exists() throws IOException {
        var documented = meters(Files.readString(Path.of("docs/metrics.md")));
        var asked = alerts().map(alert -> alert.get("expr").asText()).collect(Collectors.joining("\n"))
                + Files.readString(RUNBOOK);

        assertThat(documented).containsAll(meters(asked).stream().map(meter -> meter.replaceAll("_(count|sum)$", "")).toList());
    }

    private static Set<String> meters(String text) {
        return METER.matcher(text).results().map(match -> match.group()).collect(Collectors.toCollection(TreeSet::new));
    }
}
