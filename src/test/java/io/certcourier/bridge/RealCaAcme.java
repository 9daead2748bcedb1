package io.certcourier.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import io.certcourier.deploy.Tool;
import io.certcourier.flow.Flow;
import io.certcourier.flow.OutcomeSchema;
import io.certcourier.flow.Platform;
import io.certcourier.flow.ServiceProcess;
import io.certcourier.leak.LeakPlaces;
import io.certcourier.leak.LeakSearch;

/**
 * The whole way: a CA validates and issues, certbot or lego renews, the hook sends, the packaged service delivers. Run by
 * {@code mvn -Pacme verify}; docs/upstream.md has what it prints.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealCaAcme {

    private static final Path FOLDER = Path.of("target", "acme");
    private static final Map<String, String> DOMAINS = Map.of("certbot", "shop.example.com", "lego", "www.example.com");

    private static Platform platform;
    private static Flow flow;
    private static ServiceProcess service;
    private static PebbleCa ca;
    private static AcmeHook hook;
    private static List<AcmeClient> clients;
    private static Diary diary;
    private static final List<Path> CERTBOT_KEYS = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        Stream.of("pebble", "pebble-challtestsrv", "certbot", "lego", "openssl", "jq", "jose", "kcat")
                .forEach(Tool::assumeInstalled);
        clear();
        platform = Platform.start(FOLDER.resolve("platform"));
        flow = new Flow(platform);
        var configuration = platform.configuration();
        configuration.put("certcourier.intake.allow-plaintext-keys", "false");
        configuration.put("certcourier.intake.routes[0].match", "*.example.com");
        configuration.put("certcourier.intake.routes[0].targets", "CDN,ELB@cn-north-4");
        service = ServiceProcess.start(FOLDER.resolve("platform/service.log"), configuration).awaitReady();
        ca = PebbleCa.start(FOLDER.resolve("pebble"));
        hook = AcmeHook.in(Files.createDirectories(FOLDER.resolve("hook")), platform.recipient(),
                "bootstrap.servers=" + platform.kafka().bootstrapServers() + "\n");
        clients = List.of(AcmeClient.certbot(FOLDER, ca, hook, DOMAINS.get("certbot")),
                AcmeClient.lego(FOLDER, ca, hook, DOMAINS.get("lego")));
        diary = new Diary(FOLDER.resolve("diary.txt"));
    }

    /** What an earlier run left; accounts and lineages of it belong to a CA that is gone. */
    private static void clear() throws IOException {
        if (Files.exists(FOLDER)) {
            try (var files = Files.walk(FOLDER)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @AfterAll
    static void stop() {
        Stream.of(ca, service, flow, platform).filter(started -> started != null).forEach(RealCaAcme::close);
    }

    private static void close(AutoCloseable started) {
        try {
            started.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The leaf that the client has now: delivered once, and by the emulator's ledger at all targets of the route. */
    private static void assertDelivered(AcmeClient client) {
        String domain = DOMAINS.get(client.toString());
        var outcome = flow.topics().await(Flow.renewalId(AcmeHook.SOURCE, domain + ":" + client.fingerprint()));
        var json = outcome.json();

        assertThat(outcome.outcome()).as(json.toString()).isEqualTo("SUCCEEDED");
        assertThat(OutcomeSchema.problems(outcome)).isEmpty();
        assertThat(json.at("/certificateName").asText()).isEqualTo(domain);
        assertThat(json.at("/certificate/fingerprintSha256").asText()).isEqualTo(client.fingerprint());
        assertThat(json.at("/scm/name").asText()).contains(client.fingerprint().substring(0, 24));
        assertThat(flow.ledger().created(json.at("/scm/name").asText()))
                .containsExactly(json.at("/scm/certificateId").asText());
        var reached = flow.ledger().targetsReached(json.at("/scm/certificateId").asText());
        assertThat(reached).hasSize(2).anyMatch(target -> target.startsWith("CDN")).anyMatch(target -> target.contains("ELB"));
        diary.write("service", "%s delivered: SCM %s, ledger: %s".formatted(domain, json.at("/scm/certificateId").asText(),
                String.join(", ", reached)));
    }

    /** What the client says of the leaf it has now. */
    private static void note(AcmeClient client, String what) throws IOException {
        diary.write(client.toString(), "%s %s, leaf %s..".formatted(what, DOMAINS.get(client.toString()),
                client.fingerprint().substring(0, 16)));
        if (client.toString().equals("certbot")) {
            Path key = client.folder().resolve("etc/live/shop.example.com/privkey.pem").toRealPath();
            CERTBOT_KEYS.add(key);
        }
    }

    @Test
    @Order(1)
    void what_a_client_has_issued_is_delivered() throws IOException {
        for (var client : clients) {
            var result = client.issue();

            assertThat(result.exitCode()).as(result.output()).isZero();
            note(client, "issued");
            assertThat(hook.spooled()).isEmpty();
            assertDelivered(client);
        }
    }

    @Test
    @Order(2)
    void what_a_client_has_renewed_is_delivered() throws IOException {
        for (var client : clients) {
            String before = client.fingerprint();

            var result = client.renew();

            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(client.fingerprint()).isNotEqualTo(before);
            note(client, "renewed");
            assertDelivered(client);
        }
    }

    @Test
    @Order(3)
    void what_was_renewed_while_the_broker_was_down_is_delivered_after_a_flush() throws IOException {
        platform.kafka().kill();
        diary.write("broker", "killed");
        for (var client : clients) {
            String before = client.fingerprint();

            var result = client.renew();

            // certbot ends well whatever its hook does; lego hands its code on
            assertThat(result.exitCode()).as(result.output()).isEqualTo(client.toString().equals("lego") ? 75 : 0);
            assertThat(client.fingerprint()).isNotEqualTo(before);
            note(client, "ended with " + result.exitCode() + ": renewed");
        }
        assertThat(hook.spooled()).hasSize(2);
        assertThat(hook.flush().exitCode()).isEqualTo(75);
        diary.write("hook", "--flush ended with 75: 2 events in the spool");
        platform.kafka().restart();
        diary.write("broker", "back");

        var flush = hook.flush();

        assertThat(flush.exitCode()).as(flush.output()).isZero();
        assertThat(hook.spooled()).isEmpty();
        diary.write("hook", "--flush ended with 0: the spool is empty");
        clients.forEach(RealCaAcme::assertDelivered);
    }

    @Test
    @Order(4)
    void a_hook_that_runs_again_makes_no_call() {
        double duplicates = duplicates();
        int calls = flow.ledger().entries().size();
        Path lineage = clients.get(0).folder().resolve("etc/live/shop.example.com");

        var result = hook.call(Map.of("RENEWED_LINEAGE", lineage.toString()));

        assertThat(result.exitCode()).as(result.output()).isZero();
        Awaitility.await("the service to read it").atMost(Flow.PATIENCE).until(() -> duplicates() > duplicates);
        assertThat(flow.ledger().entries()).hasSize(calls);
        diary.write("hook", "ran again: a duplicate, no call");
    }

    private static double duplicates() {
        return service.managementBody("/q/metrics").lines()
                .filter(line -> line.startsWith("certcourier_events_duplicates_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    @Test
    @Order(5)
    void no_key_is_in_clear_outside_the_client() throws IOException {
        var search = new LeakSearch();
        for (var key : CERTBOT_KEYS) {
            search.key(key.getFileName().toString(), Files.readString(key));
        }

        assertThat(search.secrets()).isEqualTo(3);
        assertThat(LeakPlaces.topics(search, flow)).isEmpty();
        assertThat(LeakPlaces.database(search, flow)).isEmpty();
        assertThat(search.inFolder(FOLDER, file -> file.startsWith(FOLDER.resolve("certbot/etc")))).as("broker, database, logs")
                .isEmpty();
        assertThat(search.inFolder(FOLDER.resolve("certbot/etc"), file -> false)).as("the search finds it").isNotEmpty();
    }
}
