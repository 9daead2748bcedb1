package io.certcourier.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.certcourier.contract.SchemaFiles;
import io.smallrye.config.SmallRyeConfigBuilder;

class AsyncApiTest {

    private static final OutcomeTopics TOPICS = new OutcomeTopics(new SmallRyeConfigBuilder().build());
    private static final Cause CAUSE = new Cause("id-1", "order-7", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    private static JsonNode document;

    @BeforeAll
    static void read() throws IOException {
        document = new YAMLMapper().readTree(Files.readString(Path.of("schemas/asyncapi.yaml")));
    }

    @Test
    void channels_are_the_topics_we_know() {
        assertThat(names(document.path("channels"))).containsExactlyInAnyOrder("cert-renewed", TOPICS.delivered(),
                TOPICS.deliveryFailed(), TOPICS.deadLetters());
        document.path("channels").properties()
                .forEach(channel -> assertThat(channel.getValue().path("address").asText()).isEqualTo(channel.getKey()));
    }

    @Test
    void every_reference_leads_somewhere() {
        var references = new HashSet<String>();
        document.findValuesAsText("$ref").forEach(references::add);

        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isMissingNode()).isFalse();
            } else {
                assertThat(Path.of("schemas").resolve(reference)).exists();
            }
        });
    }

    @Test
    void outcome_messages_have_our_types_and_schemas() {
        assertThat(message("cert-delivered").path("name").asText()).isEqualTo(OutboxEvent.DELIVERED_TYPE);
        assertThat(message("cert-delivery-failed").path("name").asText()).isEqualTo(OutboxEvent.DELIVERY_FAILED_TYPE);
        assertThat(schemaId("cert-delivered")).isEqualTo(OutboxEvent.DELIVERED_SCHEMA);
        assertThat(schemaId("cert-delivery-failed")).isEqualTo(OutboxEvent.DELIVERY_FAILED_SCHEMA);
    }

    @Test
    void dead_letter_has_the_documented_headers_and_no_others() {
        var headers = resolve(message("cert-renewed-dlq").path("headers"));

        var full = OutboxEvent.of(SampleOutcomes.deadLetter(), TOPICS).headers().keySet();
        var least = OutboxEvent.of(SampleOutcomes.tombstone(), TOPICS).headers().keySet();

        assertThat(full).containsExactlyInAnyOrderElementsOf(names(headers.path("properties")));
        assertThat(least).containsExactlyInAnyOrderElementsOf(texts(headers.path("required")));
    }

    @ParameterizedTest
    @ValueSource(strings = { "cert-delivered", "cert-delivery-failed" })
    void outcome_has_only_documented_headers_and_all_required_ones(String channel) {
        var headers = resolve(message(channel).path("headers"));
        var outcome = channel.equals("cert-delivered") ? SampleOutcomes.delivered() : SampleOutcomes.partial();

        var ours = OutboxEvent.of(outcome, CAUSE, URI.create("urn:certcourier"), TOPICS).headers();

        assertThat(names(headers.path("properties"))).containsAll(ours.keySet());
        assertThat(ours.keySet()).containsAll(texts(headers.path("required")));
        assertThat(ours).contains(Map.entry("ce_specversion", headers.at("/properties/ce_specversion/const").asText()));
    }

    @Test
    void incoming_messages_use_the_inbound_schema() {
        assertThat(schemaId("cert-renewed")).isEqualTo("urn:certcourier:schema:cert-renewed:1");
        assertThat(message("cert-renewed").path("name").asText()).isEqualTo("io.certcourier.certificate.renewed.v1");
    }

    private static JsonNode message(String channel) {
        var messages = document.path("channels").path(channel).path("messages");
        assertThat(messages).hasSize(1);
        return resolve(messages.iterator().next());
    }

    private static String schemaId(String channel) {
        var file = message(channel).at("/payload/schema/$ref").asText();
        return SchemaFiles.read(Path.of("schemas").resolve(file)).path("$id").asText();
    }

    private static JsonNode resolve(JsonNode reference) {
        return document.at(reference.path("$ref").asText().substring(1));
    }

    private static Set<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }
}
