package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.certcourier.local.scm.LedgerEntry;

/** Temporary credentials from a file: replaced in time nobody notices; too late, the account waits and goes on by itself. */
class CredentialsIT {

    private static final Path FOLDER = Path.of("target", "flow-credentials");
    private static final Path LOG = FOLDER.resolve("service.log");
    private static final String ACCOUNT = "default";
    private static final int CONCURRENCY = 4;
    private static final Duration STILLNESS = Duration.ofSeconds(3);

    private static final List<String> SECRETS = new ArrayList<>();

    private static Platform platform;
    private static Flow flow;
    private static ServiceProcess service;
    private static Path file;
    /** Calls of earlier tests. */
    private static int before;

    @BeforeAll
    static void start() throws IOException {
        platform = Platform.start(FOLDER);
        flow = new Flow(platform);
        file = FOLDER.resolve("credentials.json").toAbsolutePath();
        renew(Duration.ofHours(1));
        Map<String, String> configuration = new HashMap<>(platform.configuration());
        String prefix = "certcourier.scm.accounts." + ACCOUNT + ".";
        configuration.remove(prefix + "access-key");
        configuration.remove(prefix + "secret-key");
        configuration.put(prefix + "credentials-file", file.toString());
        configuration.put("certcourier.scm.credentials-poll", "200ms");
        configuration.put("certcourier.renewal.concurrency", Integer.toString(CONCURRENCY));
        service = ServiceProcess.start(LOG, configuration).awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
        flow.close();
        platform.close();
    }

    @BeforeEach
    void healthy() throws IOException {
        renew(Duration.ofHours(1));
        awaitBreaker("CLOSED");
        before = flow.ledger().entries().size();
    }

    /** IAM makes a key, and whoever mounts the file replaces it; answers the access key. */
    private static String renew(Duration life) throws IOException {
        String unique = UUID.randomUUID().toString().replace("-", "");
        String access = "AK" + unique.substring(0, 18);
        String secret = "SK" + unique;
        String token = "token" + unique;
        SECRETS.add(secret);
        SECRETS.add(token);
        Instant end = Instant.now().plus(life);
        flow.scm().account().withTemporaryKey(access, secret, token, end);
        Path next = Files.writeString(FOLDER.resolve("credentials.next"), """
                {"credential":{"access":"%s","secret":"%s","securitytoken":"%s","expires_at":"%s"}}"""
                .formatted(access, secret, token, end));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        return access;
    }

    private static String breaker() {
        return (String) flow.query("SELECT breaker FROM account WHERE account = ?", ACCOUNT).get(0).get("breaker");
    }

    private static void awaitBreaker(String state) {
        Awaitility.await("breaker " + state).atMost(Flow.PATIENCE).until(() -> state.equals(breaker()));
    }

    private static List<TestEvent> send(int count, String story) {
        List<TestEvent> events = IntStream.range(0, count).mapToObj(i -> TestEvent.fresh(story)).toList();
        events.forEach(flow::send);
        return events;
    }

    private static void assertDelivered(List<TestEvent> events) {
        assertThat(events)
                .allSatisfy(event -> assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo("SUCCEEDED"));
    }

    private static List<LedgerEntry> calls(String status) {
        return flow.ledger().entries().stream().skip(before)
                .filter(call -> call.account().equals(ACCOUNT) && call.status().equals(status))
                .toList();
    }

    @Test
    void credentials_replaced_under_load_fail_no_call() throws Exception {
        List<TestEvent> events = new ArrayList<>();
        Object last = flow.query("SELECT coalesce(max(id), 0) AS id FROM attempt").get(0).get("id");

        for (int generation = 0; generation < 5; generation++) {
            renew(Duration.ofSeconds(20));
            for (int i = 0; i < 20; i++) {
                events.addAll(send(1, "rotated"));
                Thread.sleep(100);
            }
        }
        renew(Duration.ofHours(1));

        assertDelivered(events);
        assertThat(calls("401")).isEmpty();
        assertThat(flow.query("SELECT outcome FROM attempt WHERE id > ? AND outcome = 'AUTH'", last)).as("calls withheld")
                .isEmpty();
        assertThat(calls("200").stream().map(LedgerEntry::accessKey).collect(Collectors.toSet()))
                .hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void credentials_that_run_out_hold_the_account_without_a_call_until_the_file_has_others() throws Exception {
        String access = renew(Duration.ofSeconds(6));
        assertDelivered(send(1, "before"));
        awaitBreaker("OPEN");
        int made = flow.ledger().entries().size();

        List<TestEvent> waiting = send(12, "expired");

        Awaitility.await("no call while there is nothing to sign with").during(STILLNESS).atMost(STILLNESS.multipliedBy(2))
                .until(() -> flow.ledger().entries().size() == made);
        assertThat(calls("401")).isEmpty();
        assertThat(service.log()).contains("credentials have run out");
        assertThat(scrape("certcourier_scm_credentials_expiry_seconds{account=\"" + ACCOUNT + "\"")).isNegative();

        renew(Duration.ofHours(1));

        assertDelivered(waiting);
        assertThat(breaker()).isEqualTo("CLOSED");
        assertThat(calls("200").stream().map(LedgerEntry::accessKey).filter(access::equals)).isNotEmpty();
        assertThat(scrape("certcourier_scm_credentials_expiry_seconds{account=\"" + ACCOUNT + "\"")).isBetween(3000.0, 3600.0);
        assertThat(scrape("certcourier_scm_clock_skew_seconds{account=\"" + ACCOUNT + "\"")).isBetween(-5.0, 5.0);
    }

    @Test
    void revoked_credentials_cost_no_more_calls_than_were_on_their_way() throws Exception {
        String access = renew(Duration.ofHours(1));
        assertDelivered(send(1, "before"));
        flow.scm().account().revoke(access);

        List<TestEvent> held = send(30, "revoked");
        awaitBreaker("OPEN");

        assertThat(calls("401")).isNotEmpty();
        Awaitility.await("no more calls than were on their way").during(STILLNESS).atMost(STILLNESS.multipliedBy(2))
                .until(() -> calls("401").size() <= CONCURRENCY);
        assertThat(flow.query("SELECT 1 FROM renewal WHERE ended_at IS NULL AND attempts > 0")).isEmpty();

        Files.writeString(file, "{\"credential\":{\"access\":\"AKHALF"); // half-written, then whole
        Awaitility.await().atMost(Flow.PATIENCE)
                .untilAsserted(() -> assertThat(service.log()).containsOnlyOnce("is not a JSON object"));
        renew(Duration.ofHours(1));

        assertDelivered(held);
        assertThat(breaker()).isEqualTo("CLOSED");
        assertThat(SECRETS).allSatisfy(secret -> assertThat(service.log()).doesNotContain(secret));
    }

    @Test
    void a_paused_account_stays_paused_when_its_credentials_change() throws Exception {
        flow.update("UPDATE account SET breaker = 'PAUSED' WHERE account = ?", ACCOUNT);
        String old = (String) flow.query("SELECT credentials FROM account WHERE account = ?", ACCOUNT).get(0)
                .get("credentials");

        renew(Duration.ofHours(1));
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> !old
                .equals(flow.query("SELECT credentials FROM account WHERE account = ?", ACCOUNT).get(0).get("credentials")));

        assertThat(breaker()).isEqualTo("PAUSED");
        flow.update("UPDATE account SET breaker = 'PROBING', probe_at = now() WHERE account = ?", ACCOUNT);
        awaitBreaker("CLOSED");
    }

    private static double scrape(String series) {
        return service.managementBody("/q/metrics").lines().filter(line -> line.startsWith(series)).findFirst()
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).orElseThrow();
    }
}
