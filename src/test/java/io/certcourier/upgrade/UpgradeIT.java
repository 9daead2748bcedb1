package io.certcourier.upgrade;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.certcourier.flow.Flow;
import io.certcourier.flow.Platform;
import io.certcourier.flow.ServiceProcess;
import io.certcourier.flow.TestEvent;

/** The packaged service meets the schema and the rows that older versions of it have left, while events arrive. */
class UpgradeIT {

    private static final Path FOLDER = Path.of("target", "flow-upgrade");
    private static final String ALL = "SELECT id, state, round, ended_at, epoch, updated_at, scm_name FROM renewal ORDER BY id";

    private static Platform platform;
    private static Flow flow;

    private final List<ServiceProcess> replicas = new ArrayList<>();

    /** How the schema gets new. */
    private enum Way {
        REPLICA,
        JOB
    }

    @BeforeAll
    static void start() throws IOException {
        platform = Platform.start(FOLDER);
        flow = new Flow(platform);
        Files.copy(Recording.KEYSET, FOLDER.resolve("keyset.json"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(FOLDER.resolve("scm.json"), "{\"access\":\"AKFILED0000000000001\",\"secret\":\"of-nobody\"}");
    }

    @AfterAll
    static void stop() {
        flow.close();
        platform.close();
    }

    @AfterEach
    void end() {
        replicas.forEach(ServiceProcess::kill);
    }

    /** Each version once: the oldest with a replica that migrates, the others with a job. */
    static Stream<Arguments> versions() {
        var versions = Migrations.olderVersions();
        return IntStream.range(0, versions.size())
                .mapToObj(i -> Arguments.of(versions.get(i), i == 0 ? Way.REPLICA : Way.JOB));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void a_replica_waits_for_the_schema_then_ends_what_the_old_version_began(String version, Way way) throws SQLException {
        var recording = Recording.read(version);
        try (var database = platform.database()) {
            Migrations.renew(database, version);
            recording.load(database);
        }
        flow.scm().reset();
        recording.adopt(flow.scm().account());
        var left = flow.query(ALL);
        var untold = flow.query("SELECT event_id, body FROM outbox WHERE body IS NOT NULL");
        var arriving = IntStream.range(0, 10).mapToObj(i -> TestEvent.fresh("arriving")).toList();
        arriving.forEach(flow::sendSoon);

        var waiting = startReplica(false);
        assertWaits(waiting, version);
        assertThat(flow.query(ALL)).as("untouched").isEqualTo(left);
        assertThat(flow.ledger().entries()).as("no call").isEmpty();

        migrate(way);
        Awaitility.await("started").atMost(Duration.ofSeconds(20)).until(() -> waiting.status("/q/health/started") == 200);
        waiting.awaitReady(Duration.ofSeconds(20));
        letGo(waiting);
        awaitEnds();

        assertThat(arriving)
                .allSatisfy(event -> assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED"));
        left.forEach(row -> assertEnded(row, recording));
        untold.forEach(UpgradeIT::assertTold);
        assertThat(flow.query("SELECT 1 FROM renewal_key")).isEmpty();
        assertShown(waiting, left);
    }

    @Test
    void a_version_works_on_the_schema_of_a_later_one() throws SQLException {
        try (var database = platform.database()) {
            Migrations.renew(database, "latest");
        }
        flow.update(
                """
                        INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
                        VALUES (999, '999', 'later', 'SQL', 'V999__later.sql', 1, 'later', 1, true)""");
        flow.update("ALTER TABLE renewal ADD COLUMN later text, ADD COLUMN sooner integer NOT NULL DEFAULT 1");
        flow.scm().reset();
        var event = TestEvent.fresh("gone-back");

        var replica = startReplica(true).awaitReady();
        flow.send(event);

        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED");
        assertThat(replica.status("/q/health/started")).isEqualTo(200);
        Awaitility.await().atMost(Flow.PATIENCE)
                .until(() -> replica.body("/v1/renewals/" + event.renewalId()).contains("\"timeline\""));
    }

    /** As 0.1.0 was configured, at the addresses and with the files of this test. */
    private static Map<String, String> configuration() {
        var configuration = OldConfiguration.read("0.1.0");
        String accounts = "certcourier.scm.accounts.";
        for (String account : List.of("spare", "filed")) {
            configuration.put(accounts + account + ".endpoint", flow.scm().endpoint().toString());
        }
        configuration.put(accounts + "filed.credentials-file", FOLDER.resolve("scm.json").toAbsolutePath().toString());
        configuration.putAll(platform.configuration());
        return configuration;
    }

    private ServiceProcess startReplica(boolean migrates) {
        var configuration = configuration();
        configuration.put("quarkus.flyway.migrate-at-start", Boolean.toString(migrates));
        // nothing here runs long enough for the second compiler to pay
        var replica = ServiceProcess.start(FOLDER.resolve("service-" + System.nanoTime() + ".log"), configuration,
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        replicas.add(replica);
        return replica;
    }

    /** Alive, not started, and it says what it waits for. */
    private static void assertWaits(ServiceProcess replica, String version) {
        String sentence = "the schema has version " + version + ", this code needs version "
                + Migrations.all().get(Migrations.all().size() - 1).version();
        Awaitility.await(sentence).atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200))
                .until(() -> replica.managementBody("/q/health/started").contains(sentence));
        assertThat(replica.status("/q/health/started")).isEqualTo(503);
        assertThat(replica.status("/q/health/ready")).isEqualTo(503);
        assertThat(replica.status("/q/health/live")).isEqualTo(200);
        // long enough for rounds of the worker, the relay and intake
        Awaitility.await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(10)).until(replica::isAlive);
        assertThat(replica.log()).containsOnlyOnce("nothing is taken up until this passes: " + sentence)
                .contains("quarkus.flyway.migrate-at-start");
    }

    private void migrate(Way way) throws SQLException {
        if (way == Way.REPLICA) {
            startReplica(true).awaitReady();
        } else {
            try (var database = platform.database()) {
                Migrations.migrate(database, "latest");
            }
        }
    }

    /** What an operator has stopped before the upgrade goes on after it. */
    private static void letGo(ServiceProcess replica) {
        post(replica, "/v1/accounts/" + Platform.FRAGILE + "/resume");
        flow.query("SELECT id FROM renewal WHERE state = 'HELD'")
                .forEach(row -> post(replica, "/v1/renewals/" + row.get("id") + "/release"));
    }

    private static void awaitEnds() {
        Awaitility.await("all ended and told").atMost(Flow.PATIENCE).pollInterval(Duration.ofMillis(200))
                .until(() -> flow.query("SELECT 1 FROM renewal WHERE ended_at IS NULL").isEmpty()
                        && flow.query("SELECT 1 FROM outbox").isEmpty());
    }

    private static void assertEnded(Map<String, Object> was, Recording recording) {
        var is = flow.query("SELECT state, round, ended_at FROM renewal WHERE id = ?", was.get("id")).get(0);
        if (was.get("ended_at") != null) {
            assertThat(is).isEqualTo(Map.of("state", was.get("state"), "round", was.get("round"), "ended_at",
                    was.get("ended_at")));
            return;
        }
        // the one that was being imported when its successor came
        assertThat(is.get("state")).as("was " + was.get("state"))
                .isEqualTo(was.get("state").equals("IMPORTING") ? "SUPERSEDED" : "SUCCEEDED");
        assertThat(flow.topics().await((UUID) was.get("id"), ((Number) was.get("round")).intValue()).outcome())
                .isEqualTo(is.get("state"));
        var name = (String) was.get("scm_name");
        long before = recording.cloud().stream().filter(one -> one.name().equals(name)).count();
        assertThat(before + flow.ledger().created(name).size()).as("one certificate " + name).isOne();
    }

    private static void assertTold(Map<String, Object> untold) {
        assertThat(flow.topics().all()).filteredOn(told -> untold.get("event_id").equals(told.headers().get("ce_id")))
                .isNotEmpty().allSatisfy(told -> assertThat(new String(told.value(), UTF_8)).isEqualTo(untold.get("body")));
    }

    /** People see the history that the old version wrote. */
    private static void assertShown(ServiceProcess replica, List<Map<String, Object>> left) {
        left.forEach(row -> assertThat(replica.body("/v1/renewals/" + row.get("id"))).contains("\"timeline\""));
        assertThat(replica.body("/v1/refusals")).contains("IDEMPOTENCY_CONFLICT");
        assertThat(replica.body("/v1/audit")).contains("cancel").contains("hold").contains("retry").contains("recorded");
    }

    private static void post(ServiceProcess replica, String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + replica.httpPort() + path))
                .header("Content-Type", "application/json").header("If-Match", "*")
                .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"after the upgrade\"}")).build();
        try {
            assertThat(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode()).as(path)
                    .isIn(Set.of(202));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
