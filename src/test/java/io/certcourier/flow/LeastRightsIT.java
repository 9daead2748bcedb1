package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database as deploy/kubernetes/components/migration-job sets it up: the owner migrates, the service's role only works. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LeastRightsIT {

    private static final Path FOLDER = Path.of("target", "flow-least-rights");
    private static final Path GRANTS = Path.of("deploy/kubernetes/components/migration-job/grants.sql");
    private static final String OWNER = "certcourier_owner";
    private static final String SERVICE = "certcourier";

    private static Platform platform;
    private static Flow flow;
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws SQLException {
        platform = Platform.start(FOLDER);
        flow = new Flow(platform);
        try (var database = platform.database()) {
            for (var sql : new String[] { "CREATE ROLE " + OWNER + " LOGIN", "CREATE ROLE " + SERVICE + " LOGIN",
                    "CREATE DATABASE certcourier OWNER " + OWNER }) {
                execute(database, sql);
            }
        }
        service = start("service", SERVICE, platform.configuration(), Map.of("quarkus.flyway.migrate-at-start", "false"));
    }

    @AfterAll
    static void stop() {
        service.close();
        flow.close();
        platform.close();
    }

    private static String jdbcUrl() {
        return platform.postgres().jdbcUrl().replaceFirst("/postgres$", "/certcourier");
    }

    private static ServiceProcess start(String log, String role, Map<String, String> settings, Map<String, String> more) {
        var configuration = new LinkedHashMap<>(settings);
        configuration.put("quarkus.datasource.jdbc.url", jdbcUrl());
        configuration.put("quarkus.datasource.username", role);
        configuration.put("quarkus.datasource.password", "unused");
        configuration.putAll(more);
        return ServiceProcess.start(FOLDER.resolve(log + ".log"), configuration);
    }

    private static Connection as(String role) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), role, "unused");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    @Order(0)
    void service_before_the_job_is_alive_and_says_what_it_waits_for() {
        Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(200)).until(() -> service
                .managementBody("/q/health/started").contains("the schema is empty, this code needs version"));
        assertThat(service.status("/q/health/live")).isEqualTo(200);
    }

    @Test
    @Order(1)
    void job_migrates_with_nothing_but_the_database_and_ends() throws Exception {
        try (var migration = start("migration", OWNER, Map.of(), Map.of("quarkus.init-and-exit", "true"))) {
            assertThat(migration.awaitExit(Duration.ofSeconds(90))).as(migration.log()).isZero();
        }

        try (var owner = as(OWNER)) {
            execute(owner, Files.readString(GRANTS));
            execute(owner, Files.readString(GRANTS));
        }
    }

    @Test
    @Order(2)
    void service_that_waited_for_the_job_delivers_refuses_and_records() throws Exception {
        service.awaitReady(); // the process that found no table
        var event = TestEvent.fresh("least-rights");
        var refused = TestEvent.fresh("least-rights-refused").with("account", "nobody");
        flow.send(event);
        flow.send(refused);

        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
        assertThat(flow.topics().await(refused.renewalId()).outcome()).isEqualTo("REJECTED");
        assertThat(post("/v1/accounts/" + Platform.FRAGILE + "/pause")).isEqualTo(202);
        try (var role = as(SERVICE);
                var statement = role.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM audit")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @Order(3)
    @ValueSource(strings = { "CREATE TABLE more (id int)", "ALTER TABLE renewal ADD COLUMN more int", "DROP TABLE audit",
            "TRUNCATE renewal", "UPDATE audit SET why = 'other'", "DELETE FROM audit", "DELETE FROM refusal",
            "UPDATE refusal SET reason_code = 'OTHER'", "DELETE FROM flyway_schema_history" })
    void role_of_the_service_can_neither_change_the_schema_nor_what_is_recorded(String sql) throws SQLException {
        try (var role = as(SERVICE)) {
            assertThatThrownBy(() -> execute(role, sql)).isInstanceOfSatisfying(SQLException.class,
                    refusal -> assertThat(refusal.getSQLState()).as(refusal.getMessage()).isEqualTo("42501"));
        }
    }

    private static int post(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.httpPort() + path))
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"rights\"}"))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
