package io.certcourier.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

/** Tells a renewal's way by looking from outside, as an operator would: through the API, and at the outcome topics. */
final class Follower implements AutoCloseable {

    private static final List<String> OUTCOME_TOPICS = List.of("cert-delivered", "cert-delivery-failed");
    private static final Set<String> IMPORTED = Set.of("CONFIRMING", "PUSHING", "SUCCEEDED", "PARTIAL");
    private static final Set<String> CONFIRMED = Set.of("PUSHING", "SUCCEEDED", "PARTIAL");
    private static final Set<String> REACHED = Set.of("PUSHED", "PRESENT", "BOUND", "SERVED");

    private static final JsonNode NONE = MissingNode.getInstance();

    private final Terminal terminal;
    private final URI api;
    private final KafkaConsumer<String, byte[]> outcomes;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Set<String> told = new HashSet<>();
    private String state = "not accepted yet";
    private long start;

    /** @param api such as http://localhost:8080/v1/ */
    Follower(Terminal terminal, URI api, String bootstrapServers) {
        this.terminal = terminal;
        this.api = api;
        outcomes = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers, "group.protocol", "classic"),
                new StringDeserializer(), new ByteArrayDeserializer());
        var partitions = OUTCOME_TOPICS.stream().flatMap(topic -> outcomes.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
        outcomes.assign(partitions);
        outcomes.seekToBeginning(partitions);
    }

    /** Returns after the outcome event, or when the limit has passed without one. */
    void follow(UUID renewalId, Duration limit) {
        start = System.nanoTime();
        while (elapsed().compareTo(limit) < 0) {
            fromApi(renewalId).ifPresent(this::tell);
            for (ConsumerRecord<String, byte[]> record : outcomes.poll(Duration.ofMillis(50))) {
                if (header(record, "ce_id").startsWith(renewalId.toString())) {
                    fromApi(renewalId).ifPresent(this::tell);
                    tellOutcome(record);
                    return;
                }
            }
        }
        terminal.line("");
        terminal.line("  No outcome event after " + limit.toSeconds() + " s; the renewal is " + state
                + ". The service's log and the API below say more.");
    }

    @Override
    public void close() {
        outcomes.close();
    }

    /** The API's view and the outcome event spell these fields alike. */
    private void tell(JsonNode renewal) {
        state = renewal.path("state").asText(renewal.path("outcome").asText(state));
        once("accepted", "the service has stored it and acknowledged the record");
        if (IMPORTED.contains(state)) {
            once("imported", renewal.path("scm").path("certificateId").asText("SCM has the certificate"));
        }
        if (CONFIRMED.contains(state)) {
            once("confirmed", "a list call showed it");
        }
        // rows are read one after another: the targets may be newer than the state, and are told in order all the same
        for (JsonNode target : CONFIRMED.contains(state) ? renewal.path("targets") : NONE) {
            String project = target.path("project").asText("");
            String name = target.path("service").asText("") + (project.isEmpty() ? "" : "@" + project);
            if (REACHED.contains(target.path("reached").asText(target.path("state").asText("")))) {
                once("pushed", name);
            }
        }
        if ("HELD".equals(state)) {
            once("held", renewal.path("failure").path("reasonCode").asText(renewal.path("reasonCode").asText("")));
        }
    }

    private void tellOutcome(ConsumerRecord<String, byte[]> record) {
        try {
            JsonNode outcome = json.readTree(record.value());
            tell(outcome);
            terminal.step(elapsed(), outcome.path("outcome").asText("ended").toLowerCase(Locale.ROOT),
                    "event on " + record.topic());
            terminal.title("The outcome event (topic %s, key %s, ce_id %s)".formatted(record.topic(), record.key(),
                    header(record, "ce_id")));
            terminal.indented(json.writerWithDefaultPrettyPrinter().writeValueAsString(outcome));
        } catch (IOException e) {
            terminal.line("  The outcome event is not JSON: " + record.serializedValueSize() + " bytes on " + record.topic());
        }
    }

    private void once(String step, String detail) {
        if (told.add(step + ("pushed".equals(step) ? detail : ""))) {
            terminal.step(elapsed(), step, detail);
        }
    }

    private Optional<JsonNode> fromApi(UUID renewalId) {
        var request = HttpRequest.newBuilder(api.resolve("renewals/" + renewalId)).timeout(Duration.ofSeconds(2)).build();
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200 ? Optional.of(json.readTree(answer.body())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // asked again in a moment
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }
}
