package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shell scripts and YAML files, by their linters where those are installed; and what the topics script asks Kafka for. */
class ScriptsTest {

    @ParameterizedTest
    @MethodSource("scripts")
    void script_passes_shellcheck(Path script) throws Exception {
        Tool.assumeInstalled("shellcheck");

        var result = Tool.run("shellcheck", script.toString());

        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void script_can_be_started_and_stops_at_the_first_error(Path script) throws IOException {
        assertThat(script).isExecutable();
        assertThat(script).content().startsWith("#!/usr/bin/env bash\n").contains("\nset -euo pipefail\n");
    }

    static Stream<Path> scripts() throws IOException {
        try (var files = Files.walk(Path.of("deploy"))) {
            var scripts = files.filter(file -> file.toString().endsWith(".sh")).sorted().toList();
            return Stream.concat(Stream.of(Path.of(".ci/run"), Path.of(".ci/reproducible")), scripts.stream());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "docker-compose.yml", "deploy", ".github" })
    void yaml_passes_yamllint(String path) throws Exception {
        Tool.assumeInstalled("yamllint");

        var result = Tool.run("yamllint", "--strict", path);

        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    @Test
    void topics_are_made_as_the_contract_says(@TempDir Path folder) throws Exception {
        var day = 24L * 60 * 60 * 1000;

        var calls = topicsScript(folder, Map.of());

        assertThat(calls).allMatch(call -> call.contains("--bootstrap-server broker:9092"));
        assertThat(calls).filteredOn(call -> call.startsWith("kafka-topics.sh"))
                .allMatch(call -> call.contains("--create --if-not-exists") && call.endsWith("--replication-factor 3"))
                .extracting(ScriptsTest::name)
                .containsExactly("cert-renewed", "cert-delivered", "cert-delivery-failed", "cert-renewed-dlq");
        assertThat(calls).filteredOn(call -> call.startsWith("kafka-configs.sh"))
                .allMatch(call -> call.contains("cleanup.policy=delete") && call.endsWith("min.insync.replicas=2"))
                .extracting(call -> name(call) + " " + call.replaceAll(".*retention.ms=([0-9]+),.*", "$1"))
                .containsExactly("cert-renewed " + 7 * day, "cert-delivered " + 30 * day,
                        "cert-delivery-failed " + 30 * day, "cert-renewed-dlq " + 30 * day);
        assertThat(calls).filteredOn(call -> call.contains("max.message.bytes=65536"))
                .extracting(ScriptsTest::name).containsExactly("cert-renewed");
    }

    @Test
    void single_broker_needs_no_replica_in_sync_but_itself(@TempDir Path folder) throws Exception {
        var calls = topicsScript(folder, Map.of("REPLICATION_FACTOR", "1", "COMMAND_CONFIG", "client.properties"));

        assertThat(calls).allMatch(call -> call.contains("--command-config client.properties"));
        assertThat(calls).filteredOn(call -> call.startsWith("kafka-configs.sh"))
                .allMatch(call -> call.endsWith("min.insync.replicas=1"));
    }

    /** Runs the script with commands that only write down how they were called, one call a line. */
    private static List<String> topicsScript(Path folder, Map<String, String> environment) throws Exception {
        var calls = folder.resolve("calls");
        for (var command : List.of("kafka-topics.sh", "kafka-configs.sh")) {
            var stub = Files.writeString(folder.resolve(command),
                    "#!/bin/sh\necho \"" + command + " $*\" >> '" + calls + "'\n");
            assertThat(stub.toFile().setExecutable(true)).isTrue();
        }
        var variables = new HashMap<>(environment);
        variables.put("KAFKA_BIN", folder.toString());

        var result = Tool.run(variables, List.of("bash", "deploy/kafka/topics.sh", "broker:9092"));

        assertThat(result.exitCode()).as(result.output()).isZero();
        return Files.readAllLines(calls);
    }

    private static String name(String call) {
        return call.replaceAll(".*--(?:topic|entity-name) (\\S+).*", "$1");
    }
}
