package io.certcourier.deploy;

import java.util.List;
import java.util.Locale;

import io.certcourier.ops.DocumentedKeys;

/** The environment variables that a manifest may set. */
final class ConfigurationKeys {

    /** Keys of Quarkus that our manifests use. */
    private static final List<String> STANDARD = List.of(
            "kafka.bootstrap.servers",
            "kafka.security.protocol",
            "kafka.sasl.mechanism",
            "kafka.sasl.jaas.config",
            "kafka.ssl.truststore.location",
            "kafka.ssl.truststore.type",
            "kafka.ssl.truststore.password",
            "kafka.ssl.endpoint.identification.algorithm",
            "quarkus.profile",
            "quarkus.http.host",
            "quarkus.management.host",
            "quarkus.shutdown.timeout",
            "quarkus.init-and-exit",
            "quarkus.flyway.migrate-at-start",
            "quarkus.otel.exporter.otlp.endpoint",
            "quarkus.oidc.tenant-enabled",
            "quarkus.oidc.auth-server-url",
            "quarkus.datasource.jdbc.url",
            "quarkus.datasource.username",
            "quarkus.datasource.password");

    private ConfigurationKeys() {
    }

    /** Whether an environment variable is read by the service. */
    static boolean read(String variable) {
        return DocumentedKeys.read(variable) || STANDARD.stream().map(ConfigurationKeys::variable).anyMatch(variable::equals);
    }

    private static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
