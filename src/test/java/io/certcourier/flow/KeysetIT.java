package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.certcourier.local.KeysetCommand;
import io.certcourier.local.KeysetCommand.Rotation;

/** The keyset is rotated, spoiled and lost while renewals wait: two replicas follow its file, and no renewal fails. */
class KeysetIT {

    private static final Path FOLDER = Path.of("target", "flow-keyset");
    private static final Path KEYSET = FOLDER.resolve("keyset.json");
    private static final String ACCOUNT = "default";

    private static Platform platform;
    private static Flow flow;
    private static List<ServiceProcess> replicas;

    @BeforeAll
    static void start() {
        platform = Platform.start(FOLDER);
        flow = new Flow(platform);
        replicas = IntStream.range(0, 2)
                .mapToObj(i -> ServiceProcess.start(FOLDER.resolve("service-" + i + ".log"), platform.configuration()))
                .toList();
        replicas.forEach(ServiceProcess::awaitReady);
    }

    @AfterAll
    static void stop() {
        replicas.forEach(ServiceProcess::close);
        flow.close();
        platform.close();
    }

    private static void pauseAccount() {
        flow.update("UPDATE account SET breaker = 'PAUSED' WHERE account = ?", ACCOUNT);
    }

    private static void resumeAccount() {
        flow.update("UPDATE account SET breaker = 'PROBING', probe_at = now() WHERE account = ?", ACCOUNT);
    }

    /** Renewals that wait with their keys sealed. */
    private static List<TestEvent> waiting(int count, String story) {
        var events = IntStream.range(0, count).mapToObj(i -> TestEvent.fresh(story)).toList();
        events.forEach(flow::send);
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> events.stream().allMatch(e -> flow.state(e.renewalId()) != null));
        return events;
    }

    private static void assertDelivered(List<TestEvent> events) {
        assertThat(events)
                .allSatisfy(event -> assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED"));
    }

    private static long sealKeys() {
        return (long) flow.query("SELECT count(DISTINCT tink_key_id) AS keys FROM renewal_key").get(0).get("keys");
    }

    private static void awaitGauge(String name, String value) {
        Awaitility.await(name + " " + value).atMost(Flow.PATIENCE).untilAsserted(() -> assertThat(replicas)
                .allSatisfy(replica -> assertThat(replica.managementBody("/q/metrics")).contains("\n" + name + " " + value)));
    }

    private static String primary(ServiceProcess replica) {
        return replica.managementBody("/q/metrics").replaceAll("(?s).*\ncertcourier_keys_primary (\\S+).*", "$1");
    }

    @Test
    void a_rotation_moves_what_waits_to_the_new_key_and_nothing_fails() {
        pauseAccount();
        var events = waiting(12, "rotated");
        Object oldKey = flow.query("SELECT DISTINCT tink_key_id FROM renewal_key").get(0).get("tink_key_id");

        KeysetCommand.rotate(KEYSET, Rotation.ADD);
        awaitLog("Keyset read again");
        KeysetCommand.rotate(KEYSET, Rotation.PROMOTE); // at once: who meets a newer seal reads the file again
        Awaitility.await().atMost(Flow.PATIENCE)
                .until(() -> flow.query("SELECT 1 FROM renewal_key WHERE tink_key_id = ?", oldKey).isEmpty());
        Awaitility.await("one primary everywhere").atMost(Flow.PATIENCE)
                .until(() -> replicas.stream().map(KeysetIT::primary).distinct().count() == 1);
        awaitGauge("certcourier_keys_outdated", "0.0");
        KeysetCommand.rotate(KEYSET, Rotation.RETIRE);
        assertThat(flow.query("SELECT 1 FROM renewal_key")).hasSize(12);
        assertThat(sealKeys()).isEqualTo(1);

        resumeAccount();
        assertDelivered(events);
        assertThat(flow.query("SELECT 1 FROM renewal_key")).isEmpty();
    }

    @Test
    void a_lost_key_holds_its_renewals_and_only_those_until_it_is_back() throws Exception {
        String whole = Files.readString(KEYSET);
        pauseAccount();
        var sealedBefore = waiting(3, "lost");
        Path other = FOLDER.resolve("other.json");
        Files.deleteIfExists(other);
        KeysetCommand.write(other);

        replaceKeyset(Files.readString(other));
        awaitGauge("certcourier_keys_lost", "3.0");
        resumeAccount();

        Awaitility.await().atMost(Flow.PATIENCE).until(() -> flow.query(
                "SELECT 1 FROM renewal WHERE state = 'HELD' AND hold = 'KEYSET' AND reason_code = 'SEAL_KEY_MISSING'")
                .size() == 3);
        Awaitility.await().atMost(Flow.PATIENCE).untilAsserted(() -> {
            assertThat(replicas.get(0).body("/v1/renewals/" + sealedBefore.get(0).renewalId()))
                    .contains("SEAL_KEY_MISSING").contains("keyset");
            assertThat(replicas)
                    .allSatisfy(replica -> assertThat(replica.managementBody("/q/health/ready")).contains("\"UP\""));
        });
        assertDelivered(waiting(2, "sealed-by-the-other"));

        replaceKeyset(whole);
        assertDelivered(sealedBefore);
        awaitGauge("certcourier_keys_lost", "0.0");
        assertThat(flow.query("SELECT 1 FROM renewal WHERE state = 'FAILED'")).isEmpty();
    }

    @Test
    void a_spoiled_file_changes_nothing_and_is_told_of_once() throws Exception {
        String whole = Files.readString(KEYSET);

        replaceKeyset(whole.substring(0, whole.length() / 2));
        awaitLog("the changed file is not usable");
        assertDelivered(waiting(2, "spoiled"));

        replaceKeyset(whole);
        assertThat(replicas).allSatisfy(replica -> {
            assertThat(replica.log()).containsOnlyOnce("the changed file is not usable");
            assertThat(replica.log()).doesNotContain(keyMaterial(whole));
        });
    }

    private static String keyMaterial(String keyset) {
        return keyset.replaceAll("(?s).*\"value\"\\s*:\\s*\"([^\"]{20}).*", "$1");
    }

    private static void replaceKeyset(String text) throws IOException {
        Path next = Files.writeString(FOLDER.resolve("keyset.next"), text);
        Files.move(next, KEYSET, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void awaitLog(String sentence) {
        Awaitility.await(sentence).atMost(Flow.PATIENCE)
                .until(() -> replicas.stream().allMatch(replica -> replica.log().contains(sentence)));
    }
}
