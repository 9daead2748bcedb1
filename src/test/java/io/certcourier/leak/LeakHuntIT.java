package io.certcourier.leak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.flow.Flow;
import io.certcourier.flow.Platform;
import io.certcourier.flow.ServiceProcess;
import io.certcourier.leak.LeakSearch.Hit;

/**
 * Renewals of every kind and end through the packaged service, which logs all it can; then every place it may have written to
 * is searched for every secret in every spelling. And the search is searched: what is planted in each place is found.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LeakHuntIT {

    private static final Path FOLDER = Path.of("target", "leak-hunt");
    private static final Path LOG = FOLDER.resolve("service.log");
    private static final Path WORK = FOLDER.resolve("work");
    private static final Path TEMPORARY = FOLDER.resolve("tmp");
    private static final IssuedCertificate PLANTED = Flow.CA.issue("planted.example.com");

    private static final LeakSearch SEARCH = new LeakSearch().mark("BEGIN PRIVATE KEY").mark("BEGIN RSA PRIVATE KEY")
            .mark("BEGIN EC PRIVATE KEY").mark("SDK-HMAC-SHA256 Access=").key("planted", PLANTED.keyPem());

    private static Platform platform;
    private static Flow flow;
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws IOException {
        platform = Platform.start(FOLDER);
        flow = new Flow(platform);
        Files.createDirectories(WORK);
        Files.createDirectories(TEMPORARY);
        secretsOfTheService();
        var configuration = new HashMap<>(platform.configuration());
        configuration.put("quarkus.log.level", "TRACE"); // finer than DEBUG is not in the package: min-level is set at build time
        service = ServiceProcess.startIn(WORK, LOG, configuration,
                "-Djava.io.tmpdir=" + TEMPORARY.toAbsolutePath()).awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
        flow.close();
        platform.close();
    }

    private static void secretsOfTheService() throws IOException {
        var json = new ObjectMapper();
        var configuration = platform.configuration();
        configuration.forEach((key, value) -> {
            if (key.endsWith(".secret-key")) {
                SEARCH.text(key, value);
            }
        });
        SEARCH.secret("recipient key", Base64.getUrlDecoder()
                .decode(json.readTree(platform.recipient().privateJwk()).path("d").asText()));
        byte[] keyset = Base64.getDecoder().decode(
                json.readTree(Path.of(configuration.get("certcourier.renewal.keyset")).toFile()).path("key").get(0)
                        .path("keyData").path("value").asText());
        SEARCH.secret("keyset", java.util.Arrays.copyOfRange(keyset, keyset.length - 32, keyset.length));
    }

    @Test
    @Order(1)
    void no_secret_is_in_any_place_after_renewals_of_every_kind() throws IOException {
        var renewals = new LeakStories(flow, SEARCH).tell();
        assertThat(renewals).hasSizeGreaterThan(20);
        assertThat(SEARCH.secrets()).isGreaterThan(25);

        String answers = answers();

        assertThat(answers).as("every renewal has been asked for").contains(renewals);
        assertThat(SEARCH.in("http", answers)).isEmpty();
        assertThat(LeakPlaces.topics(SEARCH, flow)).isEmpty();
        assertThat(LeakPlaces.database(SEARCH, flow)).isEmpty();
        assertThat(filesOfBrokerAndDatabase()).isEmpty();
        service.terminate();
        assertThat(service.log()).as("all levels are on").contains("\"DEBUG\"").hasSizeGreaterThan(100_000);
        assertThat(filesOfTheService()).isEmpty();
    }

    @Test
    @Order(2)
    void what_is_planted_in_any_place_is_found() throws IOException {
        flow.update("CREATE TABLE planted AS SELECT ?::text AS detail",
                new ObjectMapper().writeValueAsString(PLANTED.keyPem()));
        flow.send(new ProducerRecord<>("cert-renewed-dlq", "planted", PLANTED.keyPem().getBytes(UTF_8)));
        Files.write(TEMPORARY.resolve("planted"), PLANTED.keys().getPrivate().getEncoded());
        Files.writeString(LOG, PLANTED.keyPem().replace("\n", "\\n"), StandardOpenOption.APPEND);

        assertThat(LeakPlaces.database(SEARCH, flow)).extracting(Hit::place).contains("table planted");
        Awaitility.await().atMost(Flow.PATIENCE).untilAsserted(() -> assertThat(LeakPlaces.topics(SEARCH, flow))
                .extracting(Hit::place).contains("topic cert-renewed-dlq"));
        assertThat(filesOfBrokerAndDatabase()).extracting(Hit::place).anyMatch(place -> place.contains("cert-renewed-dlq"))
                .anyMatch(place -> place.contains("pg_wal")).anyMatch(place -> place.contains("base"));
        assertThat(filesOfTheService()).extracting(Hit::place).contains(LOG.toString(),
                TEMPORARY.resolve("planted").toString());
    }

    /** All that can be asked of the service. */
    private static String answers() {
        var answers = new StringBuilder();
        answers.append(service.body("/v1/renewals?limit=100")).append(service.body("/openapi"))
                .append(service.managementBody("/q/metrics")).append(service.managementBody("/q/health"));
        flow.query("SELECT id FROM renewal")
                .forEach(row -> answers.append(service.body("/v1/renewals/" + row.get("id"))).append('\n'));
        return answers.toString();
    }

    /** But the topic that carries keys by its nature, and the broker's indexes, which hold numbers only. */
    private static List<Hit> filesOfBrokerAndDatabase() {
        flow.update("CHECKPOINT");
        var hits = new ArrayList<>(SEARCH.inFolder(FOLDER.resolve("kafka"),
                file -> file.getParent().getFileName().toString().matches("cert-renewed-[0-9]+")
                        || file.toString().endsWith("index")));
        hits.addAll(SEARCH.inFolder(FOLDER.resolve("postgres"), file -> false));
        return hits;
    }

    private static List<Hit> filesOfTheService() {
        var hits = new ArrayList<>(SEARCH.inFile(LOG));
        hits.addAll(SEARCH.inFolder(WORK, file -> false));
        hits.addAll(SEARCH.inFolder(TEMPORARY, file -> false));
        return hits;
    }
}
