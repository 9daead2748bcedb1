package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.json.JsonMapper;

class DockerfileTest {

    /** One stage: its base image, its name, and its instructions with continued lines joined. */
    private record Stage(String image, String name, List<String> instructions) {

        Stream<String> all(String keyword) {
            return instructions.stream().filter(line -> line.startsWith(keyword + " "))
                    .map(line -> line.substring(keyword.length() + 1).strip());
        }

        String last(String keyword) {
            return all(keyword).reduce((first, second) -> second).orElseThrow();
        }
    }

    private List<Stage> stages;

    @BeforeEach
    void read() throws IOException {
        stages = parse(Files.readString(Path.of("deploy/container/Dockerfile")));
    }

    @Test
    void each_base_image_is_pinned() {
        var names = stages.stream().map(Stage::name).toList();

        assertThat(stages).extracting(Stage::image).filteredOn(image -> !names.contains(image)).isNotEmpty()
                .allSatisfy(image -> assertThat(image).matches("[a-z/-]+:[0-9][^:]*").doesNotEndWith(":latest"));
    }

    @Test
    void app_is_what_a_build_without_target_makes() {
        assertThat(stages).extracting(Stage::name).containsExactly("build", "emulator", "runtime", "training", "app");
    }

    @Test
    void nothing_runs_as_root_or_under_a_name() {
        assertThat(runStages()).allSatisfy(stage -> assertThat(stage.last("USER")).matches("[1-9][0-9]*:[1-9][0-9]*"));
    }

    @Test
    void user_is_the_one_of_the_kubernetes_pod() throws IOException {
        var pod = Yaml.document(Manifests.BASE.resolve("deployment.yaml")).at("/spec/template/spec/securityContext");

        assertThat(stage("app").last("USER"))
                .isEqualTo(pod.path("runAsUser").asText() + ":" + pod.path("runAsGroup").asText());
    }

    @Test
    void entry_points_start_java_without_a_shell() throws IOException {
        for (var stage : runStages()) {
            var words = entryPoint(stage);

            assertThat(words).first().isEqualTo("java");
            assertThat(words).noneMatch(word -> word.contains("$"));
        }
    }

    @Test
    void service_leaves_no_dump_with_keys_in_it() throws IOException {
        assertThat(entryPoint(stage("app"))).contains("-XX:MaxRAMPercentage=33", "-XX:+ExitOnOutOfMemoryError",
                "-XX:-HeapDumpOnOutOfMemoryError", "-XX:-CreateCoredumpOnCrash", "-XX:+DisableAttachMechanism",
                "--sun-misc-unsafe-memory-access=allow");
    }

    @Test
    void layers_go_from_what_changes_seldom_to_what_changes_often() {
        assertThat(stage("app").all("COPY")).containsExactly(
                "--from=build /src/target/quarkus-app/lib/ lib/",
                "--from=build /src/target/quarkus-app/*.jar ./",
                "--from=build /src/target/quarkus-app/app/ app/",
                "--from=build /src/target/quarkus-app/quarkus/ quarkus/",
                "--from=training /tmp/app.aot app.aot");
    }

    /** Another JVM, another place of the jars or another collector: and the cache is silently left aside. */
    @Test
    void cache_is_trained_on_the_stage_that_uses_it_and_with_its_flags() throws IOException {
        var app = entryPoint(stage("app"));
        var training = stages.stream().filter(stage -> stage.name().equals("training")).findFirst().orElseThrow();
        var trained = Files.readString(Path.of("src/local/java/io/certcourier/local/StartUp.java"));

        assertThat(List.of(stage("app").image(), training.image())).containsOnly("runtime");
        assertThat(training.last("RUN")).contains("-Dlocal.app=/opt/certcourier", "\"train\", \"/tmp/app.aot\"");
        assertThat(app).contains("-XX:AOTCache=/opt/certcourier/app.aot", "-XX:+UseSerialGC")
                .endsWith("-jar", "/opt/certcourier/quarkus-run.jar");
        assertThat(trained).contains("\"-XX:+UseSerialGC\"");
        assertThat(stage("build").all("RUN").findFirst().orElseThrow()).contains("-Dquarkus.package.jar.type=aot-jar");
    }

    @Test
    void version_on_the_label_is_the_project_version() throws IOException {
        assertThat(stage("app").last("LABEL")).contains("org.opencontainers.image.version=\"" + Pom.version() + "\"");
    }

    @Test
    void build_context_lets_in_what_the_build_copies_and_nothing_else() throws IOException {
        var allowed = Files.readAllLines(Path.of(".dockerignore")).stream().filter(line -> !line.startsWith("#")).toList();

        assertThat(allowed).first().isEqualTo("*");
        assertThat(stage("build").all("COPY").map(copy -> "!" + copy.split("/? ")[0]))
                .containsExactlyInAnyOrderElementsOf(allowed.subList(1, allowed.size()));
    }

    private List<Stage> runStages() {
        return List.of(stage("emulator"), stage("app"));
    }

    /** With the instructions of the stages it is made from. */
    private Stage stage(String name) {
        var own = stages.stream().filter(stage -> stage.name().equals(name)).findFirst().orElseThrow();
        if (stages.stream().noneMatch(stage -> stage.name().equals(own.image()))) {
            return own;
        }
        var all = new ArrayList<>(stage(own.image()).instructions());
        all.addAll(own.instructions());
        return new Stage(own.image(), name, all);
    }

    private static List<String> entryPoint(Stage stage) throws IOException {
        return List.of(JsonMapper.builder().build().readValue(stage.last("ENTRYPOINT"), String[].class));
    }

    private static List<Stage> parse(String dockerfile) {
        var stages = new ArrayList<Stage>();
        var lines = dockerfile.lines().filter(line -> !line.startsWith("#")).toList();
        for (var instruction : String.join("\n", lines).strip().replaceAll("\\\\\\n\\s*", "").split("\\n+")) {
            if (instruction.startsWith("FROM ")) {
                var words = instruction.split(" ");
                stages.add(new Stage(words[1], words[3], new ArrayList<>()));
            } else {
                stages.get(stages.size() - 1).instructions().add(instruction);
            }
        }
        return stages;
    }
}
