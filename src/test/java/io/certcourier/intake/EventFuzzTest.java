package io.certcourier.intake;

import static io.certcourier.intake.EventBuilder.JSON;
import static io.certcourier.intake.EventBuilder.aHeader;
import static io.certcourier.intake.EventBuilder.aRecord;
import static io.certcourier.intake.EventBuilder.anEvent;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.certcourier.outcome.ReasonCode;

/** Events damaged at random, from a fixed seed: none makes the reader throw, none gets its text into a detail. */
class EventFuzzTest {

    private static final String MARKER = "SECRETMARKER";
    private static final int ROUNDS = 1200;

    @TempDir
    Path directory;

    private final Random random = new Random(20261124);
    private final Set<ReasonCode> met = EnumSet.noneOf(ReasonCode.class);

    @Test
    void no_damaged_event_makes_the_reader_throw_or_tell_its_text() throws IOException {
        var reader = ReaderBuilder.aReader(EventBuilder.RECIPIENT.fileIn(directory)).acceptingPlaintextKeys()
                .route("*", null, "CDN").build();

        for (int round = 0; round < ROUNDS; round++) {
            IncomingRecord record = switch (round % 3) {
                case 0 -> damagedTree();
                case 1 -> damagedBytes();
                default -> damagedHeaders();
            };
            try (Reading reading = reader.read(record)) {
                check(reading, round);
            }
        }

        // the damage is of many kinds, or this test shows little
        assertThat(met).doesNotContain(ReasonCode.BUG).contains(ReasonCode.MALFORMED_JSON, ReasonCode.ENVELOPE_INVALID,
                ReasonCode.SCHEMA_VIOLATION, ReasonCode.KEY_DECRYPT_FAILED, ReasonCode.CERT_UNPARSABLE);
    }

    private void check(Reading reading, int round) {
        String detail = null;
        if (reading instanceof Reading.Refusal refusal) {
            met.add(refusal.code());
            detail = refusal.detail();
        } else if (reading instanceof Reading.Event event && event.request().rejection() != null) {
            met.add(event.request().rejection().code());
            detail = event.request().rejection().detail();
        }
        if (detail != null) {
            assertThat(detail).as("round %d", round).doesNotContain(MARKER).doesNotContain("PRIVATE KEY", "eyJhb", "MII")
                    .hasSizeBetween(1, 512).doesNotContainPattern("[\\x00-\\x1f\\x7f]");
        }
    }

    private IncomingRecord damagedTree() throws IOException {
        var event = (ObjectNode) JSON.readTree(anEvent().with("labels", Map.of("owner", "me"))
                .with("replaces", Map.of("notAfter", "2026-12-20T23:59:59Z")).with("sequence", 1).eventText());
        for (int i = 0; i <= random.nextInt(2); i++) {
            damage(event);
        }
        return aRecord(event.toString(), List.of());
    }

    private void damage(ObjectNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        JsonNode value = object.get(name);
        if (value instanceof ObjectNode inner && !inner.isEmpty() && random.nextInt(4) > 0) {
            damage(inner);
        } else if (value instanceof ArrayNode list && list.size() > 0 && list.get(0) instanceof ObjectNode inner
                && random.nextInt(4) > 0) {
            damage(inner);
        } else if (random.nextInt(5) == 0) {
            object.remove(name);
            object.set(MARKER, value);
        } else {
            object.set(name, odd(value));
        }
    }

    private JsonNode odd(JsonNode value) {
        return switch (random.nextInt(8)) {
            case 0 -> JSON.getNodeFactory().nullNode();
            case 1 -> JSON.getNodeFactory().numberNode(random.nextDouble());
            case 2 -> JSON.createArrayNode().add(MARKER);
            case 3 -> JSON.createObjectNode().put(MARKER, MARKER);
            case 4 -> JSON.getNodeFactory().textNode("");
            case 5 -> JSON.getNodeFactory().textNode(MARKER);
            case 6 -> JSON.getNodeFactory().textNode(value.asText() + MARKER);
            default -> JSON.getNodeFactory().textNode(cut(value.asText()));
        };
    }

    private String cut(String text) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + MARKER + text.substring(Math.min(text.length(), at + random.nextInt(4)));
    }

    private IncomingRecord damagedBytes() {
        byte[] event = anEvent().eventText().getBytes(StandardCharsets.UTF_8);
        var damaged = new ByteArrayOutputStream();
        int at = random.nextInt(event.length);
        damaged.write(event, 0, at);
        switch (random.nextInt(4)) {
            case 0 -> damaged.writeBytes(MARKER.getBytes(StandardCharsets.UTF_8));
            case 1 -> damaged.write(random.nextInt(256));
            case 2 -> at += random.nextInt(event.length - at);
            default -> damaged.write(event, 0, at);
        }
        damaged.write(event, at, event.length - at);
        return aRecord(damaged.toByteArray(), List.of());
    }

    private IncomingRecord damagedHeaders() {
        var good = anEvent().header("traceparent", MARKER).binary();
        var headers = new ArrayList<>(good.headers());
        int at = random.nextInt(headers.size());
        var header = headers.get(at);
        byte[] noise = new byte[random.nextInt(6)];
        random.nextBytes(noise);
        switch (random.nextInt(6)) {
            case 0 -> headers.set(at, aHeader(header.name(), null));
            case 1 -> headers.set(at, new IncomingRecord.Header(header.name(), noise));
            case 2 -> headers.set(at, aHeader(header.name(), MARKER + " " + MARKER));
            case 3 -> headers.add(aHeader(header.name(), MARKER));
            case 4 -> headers.remove(at);
            default -> headers.set(at, aHeader("ce_" + MARKER, MARKER));
        }
        return aRecord(good.value(), headers);
    }
}
