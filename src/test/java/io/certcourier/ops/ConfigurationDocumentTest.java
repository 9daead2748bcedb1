package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

/**
 * docs/configuration.md is written from the code: {@code mvn test -Dtest=ConfigurationDocumentTest -Dregenerate} after a
 * change.
 */
class ConfigurationDocumentTest {

    private static final Path FILE = Path.of("docs/configuration.md");

    @Test
    void document_is_what_the_code_says() throws IOException {
        String document = document();
        if (System.getProperty("regenerate") != null) {
            Files.writeString(FILE, document);
        }

        assertThat(FILE).as("run with -Dregenerate").content().isEqualTo(document);
    }

    @Test
    void every_key_has_a_sentence() {
        assertThat(DocumentedKeys.all()).isNotEmpty().allSatisfy(key -> assertThat(key.sentence()).endsWith("."));
    }

    @Test
    void all_mappings_are_found() {
        assertThat(DocumentedKeys.mappings()).extracting(Class::getSimpleName).contains("RenewalConfig", "ScmConfig",
                "OpsConfig");
    }

    private static String document() {
        var text = new StringBuilder(
                """
                        # Configuration

                        <!-- Written from the @ConfigMapping interfaces by ConfigurationDocumentTest; do not edit. -->

                        Keys can be given as environment variables, as Java system properties, or in `config/application.properties` beside the
                        working directory. An unknown key under `certcourier.` stops the start, except from the environment: there it is logged.
                        Durations are written as `500ms`, `15s`, `30m`, `7d`; lists are comma separated.

                        An environment variable is the key in upper case, with an underscore for everything that is no letter or digit. An
                        account that exists only in the environment needs a name of one word, like `PROD` in `CERTCOURIER_SCM_ACCOUNTS_PROD_ENDPOINT`;
                        a name with a hyphen has to stand in a file or a system property.
                        """);
        String section = "";
        for (var key : DocumentedKeys.all()) {
            String prefix = key.name().split("\\.")[1];
            if (!prefix.equals(section)) {
                section = prefix;
                text.append(
                        "\n## certcourier.%s\n\n| key | type | default | meaning |\n|---|---|---|---|\n".formatted(section));
            }
            text.append("| `%s`<br>`%s` | %s | %s | %s |\n".formatted(key.name(), key.variable(), key.type(), key.fallback(),
                    key.sentence()));
        }
        return text
                .append("""

                        ## Keys of Quarkus that an installation sets

                        | key | meaning |
                        |---|---|
                        | `kafka.bootstrap.servers`<br>`KAFKA_BOOTSTRAP_SERVERS` | The brokers. All `kafka.*` keys reach the clients, `kafka.sasl.jaas.config` too. |
                        | `mp.messaging.incoming.cert-renewed.topic`, `mp.messaging.outgoing.<channel>.topic` | Other topic names than the channels' own. |
                        | `quarkus.datasource.jdbc.url`<br>`QUARKUS_DATASOURCE_JDBC_URL` | The database: `jdbc:postgresql://host:5432/certcourier`, PostgreSQL 14 or newer. |
                        | `quarkus.datasource.username`, `quarkus.datasource.password` | The role that reads and writes; it also migrates unless `quarkus.flyway.migrate-at-start` is false. |
                        | `quarkus.http.port`, `quarkus.management.port` | 8080: the API. 9000: health and metrics. |
                        | `quarkus.shutdown.timeout` | 25s: longer than `certcourier.scm.call-deadline`, shorter than the grace period of whoever stops the process. |
                        """)
                .toString();
    }
}
