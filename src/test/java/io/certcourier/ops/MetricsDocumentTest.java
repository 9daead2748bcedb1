package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/metrics.md is written from the code: {@code mvn test -Dtest=MetricsDocumentTest -Dregenerate} after a change. */
class MetricsDocumentTest {

    private static final Path FILE = Path.of("docs/metrics.md");
    private static final Set<String> TAGS = Set.of("account", "outcome", "state", "service", "reached", "operation", "channel",
            "form", "reason", "code", "version", "revision");
    /** Off by default, and capped. */
    private static final Set<MeterName> BY_CERTIFICATE = Set.of(MeterName.CERTIFICATE_NOT_AFTER);

    @Test
    void document_is_what_the_code_says() throws IOException {
        if (System.getProperty("regenerate") != null) {
            Files.writeString(FILE, document());
        }

        assertThat(FILE).as("run with -Dregenerate").content().isEqualTo(document());
    }

    @ParameterizedTest
    @EnumSource(MeterName.class)
    void a_meter_has_the_prefix_and_only_tags_with_few_values(MeterName name) {
        assertThat(name.meter).matches("certcourier(\\.[a-z]+)+");
        assertThat(name.tags).filteredOn(tag -> !(BY_CERTIFICATE.contains(name) && tag.equals("certificate")))
                .isSubsetOf(TAGS);
        assertThat(name.tells).matches("[^|\n]+\\.");
    }

    private static String document() {
        var text = new StringBuilder(
                """
                        # Metrics

                        <!-- Written from MeterName by MetricsDocumentTest; do not edit. -->

                        `GET /q/metrics` on port 9000, in the format of Prometheus. Besides these there are those of the JVM, the connection pool,
                        the Kafka client, the messages and the HTTP server.

                        - No tag is a domain or an id; a certificate name is one only where `certcourier.ops.certificates-shown` asks for it.
                        - Counters begin with 0 at the start of a process, for every value of their tags.
                        - Gauges of the backlog (renewals, outbox, keys, budgets, breakers, certificates) come from one replica at a time and every 15 seconds:
                          query `max` over the replicas. While the database is away there are none.
                        - Every replica tells its own credentials and clock: query `min` of the expiry, `max` of the skew without its sign.
                        - Kafka's consumer lag is not the backlog: intake acknowledges within milliseconds, whatever waits in the database.

                        | in Prometheus | kind | tags | tells |
                        |---|---|---|---|
                        """);
        for (var name : MeterName.values()) {
            text.append(
                    "| `%s` | %s | %s | %s |\n".formatted(name.inPrometheus(), name.kind.words, String.join(", ", name.tags),
                            name.tells));
        }
        return text.toString();
    }
}
