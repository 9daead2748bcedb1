package io.certcourier.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventSerializer;

/** What the official SDK writes is what we read. */
class CloudEventsSdkTest {

    @TempDir
    Path directory;

    @Test
    void reads_what_the_sdk_writes_in_binary_mode() {
        assertThat(read(written(Encoding.BINARY))).isEqualTo(expected());
    }

    @Test
    void reads_what_the_sdk_writes_in_structured_mode() {
        assertThat(read(written(Encoding.STRUCTURED))).isEqualTo(expected());
    }

    @Test
    void reads_structured_data_that_the_sdk_writes_as_base64() {
        byte[] event = new JsonFormat().withForceJsonDataToBase64().serialize(event());

        assertThat(new String(event, StandardCharsets.UTF_8)).contains("data_base64");
        assertThat(read(EventBuilder.aRecord(event, List.of()))).isEqualTo(expected());
    }

    private record Seen(String id, String source, String subject, String time, String expiry, String correlation,
            String traceparent, String certificateName, String account) {
    }

    private static Seen expected() {
        return new Seen("Ünïcode 1", "urn:certbot:web-3", "shop/www.example.com", "2026-11-24T03:15:00.123456Z",
                "2026-12-20T23:59:59Z", "order-7", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "shop/www.example.com", "prod");
    }

    private Seen read(IncomingRecord record) {
        var reader = ReaderBuilder.aReader(EventBuilder.RECIPIENT.fileIn(directory)).build();
        try (Reading reading = reader.read(record)) {
            assertThat(reading).isInstanceOf(Reading.Event.class);
            var request = ((Reading.Event) reading).request();
            var attributes = reading.attributes();
            assertThat(request.rejection()).isNull();
            return new Seen(attributes.id(), attributes.source(), attributes.subject(), request.eventTime().toString(),
                    request.expiryTime().toString(), attributes.correlationId(), attributes.traceparent(),
                    request.certificateName(), request.account());
        }
    }

    private static IncomingRecord written(Encoding encoding) {
        try (var serializer = new CloudEventSerializer()) {
            var config = new HashMap<String, Object>();
            config.put(CloudEventSerializer.ENCODING_CONFIG, encoding);
            config.put(CloudEventSerializer.EVENT_FORMAT_CONFIG, JsonFormat.CONTENT_TYPE);
            serializer.configure(config, false);
            var record = new ProducerRecord<String, CloudEvent>(EventBuilder.TOPIC, null, event());
            byte[] value = serializer.serialize(record.topic(), record.headers(), record.value());
            var headers = new ArrayList<IncomingRecord.Header>();
            record.headers().forEach(header -> headers.add(new IncomingRecord.Header(header.key(), header.value())));
            return EventBuilder.aRecord(value, headers);
        }
    }

    private static CloudEvent event() {
        return CloudEventBuilder.v1().withId("Ünïcode 1").withSource(URI.create("urn:certbot:web-3"))
                .withType("io.certcourier.certificate.renewed.v1").withSubject("shop/www.example.com")
                .withTime(OffsetDateTime.parse("2026-11-24T04:15:00.123456789+01:00"))
                .withExtension("expirytime", OffsetDateTime.parse("2026-12-20T23:59:59Z"))
                .withExtension("correlationid", "order-7").withExtension("sampledrate", 5).withExtension("flag", true)
                .withExtension("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .withData("application/json", EventBuilder.anEvent().dataText().getBytes(StandardCharsets.UTF_8)).build();
    }
}
