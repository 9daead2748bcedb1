package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** .ci/run on a machine that has nothing but what a test puts on its PATH. */
class CiRunTest {

    @TempDir
    private Path path;

    @BeforeEach
    void nothing_can_be_installed() throws IOException {
        command("apt-get", "exit 100");
    }

    @Test
    void ends_with_the_exit_code_of_maven_even_if_no_linter_can_be_had() throws Exception {
        command("javac", "echo 'javac 17.0.15'");
        command("mvn", "echo \"mvn got $* and CI=$CI\"; exit 7");

        var result = run();

        assertThat(result.exitCode()).as(result.output()).isEqualTo(7);
        assertThat(result.output()).contains("mvn got -B verify and CI=true");
        assertThat(result.output().lines().filter(line -> line.endsWith("it is left out")))
                .hasSize(12).anyMatch(line -> line.contains("shellcheck"));
    }

    /** Two collectors end a JVM before it begins, and MAVEN_OPTS may name one. */
    @Test
    void the_jvm_of_maven_is_told_no_collector() throws IOException {
        assertThat(Files.readString(Path.of(".mvn/jvm.config"))).doesNotContainPattern("-XX:\\+Use\\w*GC");
    }

    @Test
    void runs_the_tests_with_a_real_ca_where_all_their_tools_are() throws Exception {
        command("javac", "echo 'javac 17.0.15'");
        command("mvn", "echo \"mvn got $*\"; test \"$2\" != -Pacme || exit 9");
        for (var tool : List.of("pebble", "pebble-challtestsrv", "certbot", "lego", "openssl", "jq", "jose", "kcat")) {
            command(tool, "exit 1");
        }

        var result = run();

        assertThat(result.exitCode()).as(result.output()).isEqualTo(9);
        assertThat(result.output()).containsSubsequence("mvn got -B verify\n", "mvn got -B -Pbench verify -Dshort\n",
                "mvn got -B -Pacme verify\n");
    }

    @Test
    void leaves_the_tests_with_a_real_ca_out_where_a_tool_of_theirs_cannot_be_had() throws Exception {
        command("javac", "echo 'javac 17.0.15'");
        command("mvn", "echo \"mvn got $*\"");

        var result = run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("mvn got -B verify\n").doesNotContain("mvn got -B -Pacme")
                .endsWith("mvn -B -Pacme verify is left out\n");
    }

    @Test
    void refuses_to_go_on_without_maven() throws Exception {
        command("javac", "echo 'javac 25.0.3'");

        var result = run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).endsWith("no Maven: cannot build\n");
    }

    @Test
    void refuses_to_go_on_with_a_jdk_that_is_too_old() throws Exception {
        command("javac", "echo 'javac 1.8.0_412'");
        command("mvn", "exit 0");

        var result = run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).endsWith("no JDK 17 or newer: cannot build\n");
    }

    private void command(String name, String script) throws IOException {
        var file = Files.writeString(path.resolve(name), "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Tool.Result run() throws IOException, InterruptedException {
        return Tool.run(Map.of("PATH", path.toString(), "JAVA_HOME", ""), List.of("/bin/bash", ".ci/run"));
    }
}
