package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.certificate.TestCa;
import io.certcourier.local.LocalKafka;
import io.certcourier.local.Ports;

/**
 * Kafka by SASL_SSL with SCRAM-SHA-512 and PostgreSQL by verify-full, set by environment variables as
 * docs/secure-connections.md says; and what one sees when one of them is wrong.
 */
class SecuredServersIT {

    private static final Path FOLDER = Path.of("target", "flow-secured");
    private static final String USER = "certcourier";
    private static final String KAFKA_PASSWORD = "Kafka0Password0Of0This0Run";
    private static final String DATABASE_PASSWORD = "Database0Password0Of0This0Run";
    private static final String WRONG_PASSWORD = "Wrong0Password0Of0This0Run";

    private static Platform platform;
    private static Flow flow;
    private static Path ca;
    private static Path otherCa;
    private static Path log;

    @BeforeAll
    static void start() throws IOException {
        Path files = Files.createDirectories(Path.of("target", "flow-secured-files").toAbsolutePath());
        TestCa authority = TestCa.create();
        IssuedCertificate server = authority.issue("localhost");
        ca = Files.writeString(files.resolve("ca.pem"), server.rootPem());
        otherCa = Files.writeString(files.resolve("other-ca.pem"), TestCa.create().issue("localhost").rootPem());
        Path broker = Files.writeString(files.resolve("broker.pem"), server.keyPem() + server.fullChainPem());
        platform = Platform.start(FOLDER, new LocalKafka.Secured(Ports.free(), broker, USER, KAFKA_PASSWORD));
        platform.postgres().secure(server.fullChainPem(), server.keyPem(), USER, DATABASE_PASSWORD);
        flow = new Flow(platform);
    }

    @AfterAll
    static void stop() {
        flow.close();
        platform.close();
    }

    private static Map<String, String> secured() {
        Map<String, String> configuration = new HashMap<>(platform.configuration());
        configuration.keySet().removeIf(key -> key.startsWith("kafka.") || key.startsWith("quarkus.datasource."));
        configuration.put("KAFKA_BOOTSTRAP_SERVERS", platform.kafka().securedBootstrapServers());
        configuration.put("KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        configuration.put("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512");
        configuration.put("KAFKA_SASL_JAAS_CONFIG", login(KAFKA_PASSWORD));
        configuration.put("KAFKA_SSL_TRUSTSTORE_TYPE", "PEM");
        configuration.put("KAFKA_SSL_TRUSTSTORE_LOCATION", ca.toString());
        configuration.put("QUARKUS_DATASOURCE_JDBC_URL", database("localhost", ca));
        configuration.put("QUARKUS_DATASOURCE_USERNAME", USER);
        configuration.put("QUARKUS_DATASOURCE_PASSWORD", DATABASE_PASSWORD);
        return configuration;
    }

    private static String login(String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(USER, password);
    }

    private static String database(String host, Path ca) {
        return "jdbc:postgresql://" + host + ":" + platform.postgres().port() + "/postgres?sslmode=verify-full&sslrootcert="
                + ca;
    }

    private static ServiceProcess service(Map<String, String> configuration, TestInfo test) throws IOException {
        log = FOLDER.resolve(test.getTestMethod().orElseThrow().getName() + ".log");
        Files.deleteIfExists(log);
        return ServiceProcess.start(log, configuration);
    }

    private static void assertTellsNoPassword(String text) {
        assertThat(text).doesNotContain(KAFKA_PASSWORD).doesNotContain(DATABASE_PASSWORD).doesNotContain(WRONG_PASSWORD);
    }

    @Test
    void a_renewal_goes_its_whole_way_over_both(TestInfo test) throws IOException {
        try (var service = service(secured(), test).awaitReady()) {
            var event = TestEvent.fresh("secured");
            flow.send(event);

            assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
            assertThat(connections("s.ssl")).isPositive();
            assertThat(connections("NOT s.ssl")).isZero();
            assertThat(service.terminate()).isIn(0, 143);
            assertTellsNoPassword(service.log());
        }
    }

    private static int connections(String condition) {
        return flow
                .query("SELECT 1 FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.usename = ? AND " + condition,
                        USER)
                .size();
    }

    private static void neverReady(String key, String value, String message, TestInfo test) throws IOException {
        Map<String, String> configuration = secured();
        configuration.put(key, value);
        try (var service = service(configuration, test)) {
            Awaitility.await("says \"" + message + "\", see " + log).atMost(Duration.ofSeconds(90))
                    .until(() -> service.log().contains(message));
            Awaitility.await("answers").atMost(Duration.ofSeconds(60)).until(() -> service.status("/q/health/live") == 200);

            assertThat(service.status("/q/health/ready")).isEqualTo(503);
            assertThat(service.managementBody("/q/health/ready")).contains("kafka-reached");
            assertTellsNoPassword(service.log());
        }
    }

    private static void neverStarts(String key, String value, String message, TestInfo test) throws IOException {
        Map<String, String> configuration = secured();
        configuration.put(key, value);
        try (var service = service(configuration, test)) {
            assertThat(service.awaitExit(Duration.ofSeconds(90))).isNotZero();
            assertThat(service.log()).contains(message);
            assertTellsNoPassword(service.log());
        }
    }

    @Test
    void a_broker_of_another_ca(TestInfo test) throws IOException {
        neverReady("KAFKA_SSL_TRUSTSTORE_LOCATION", otherCa.toString(), "PKIX path building failed", test);
    }

    @Test
    void a_broker_of_another_name(TestInfo test) throws IOException {
        neverReady("KAFKA_BOOTSTRAP_SERVERS", platform.kafka().securedBootstrapServers().replace("localhost", "127.0.0.1"),
                "No subject alternative names matching IP address 127.0.0.1 found", test);
    }

    @Test
    void a_wrong_password_for_the_broker(TestInfo test) throws IOException {
        neverReady("KAFKA_SASL_JAAS_CONFIG", login(WRONG_PASSWORD),
                "Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512",
                test);
    }

    @Test
    void a_database_of_another_ca(TestInfo test) throws IOException {
        neverStarts("QUARKUS_DATASOURCE_JDBC_URL", database("localhost", otherCa), "PKIX path building failed", test);
    }

    @Test
    void a_database_of_another_name(TestInfo test) throws IOException {
        neverStarts("QUARKUS_DATASOURCE_JDBC_URL", database("127.0.0.1", ca), "hostname 127.0.0.1 could not be verified", test);
    }

    @Test
    void a_wrong_password_for_the_database(TestInfo test) throws IOException {
        neverStarts("QUARKUS_DATASOURCE_PASSWORD", WRONG_PASSWORD, "password authentication failed for user", test);
    }
}
