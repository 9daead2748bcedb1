package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.certcourier.flow.SpanReceiver.Received;
import io.certcourier.leak.LeakSearch;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;

/** What the packaged service tells of a renewal as it runs in production: its spans and its log lines. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TraceAndLogIT {

    private static final Path FOLDER = Path.of("target", "flow-traced");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String IMPORT = "POST /v3/scm/certificates/import";

    private static SpanReceiver collector;
    private static Platform platform;
    private static Flow flow;
    private static ServiceProcess service;
    private static Path log;

    @BeforeAll
    static void start() {
        platform = Platform.start(FOLDER);
        flow = new Flow(platform);
        collector = new SpanReceiver();
        startService("first", Map.of("quarkus.otel.exporter.otlp.endpoint", collector.endpoint(),
                "quarkus.otel.exporter.otlp.protocol", "http/protobuf", "quarkus.otel.bsp.schedule.delay", "200ms"));
    }

    private static void startService(String name, Map<String, String> tracing) {
        var configuration = platform.configuration();
        configuration.putAll(tracing);
        configuration.put("quarkus.log.category.\"io.certcourier\".level", "DEBUG");
        log = FOLDER.resolve(name + ".log");
        service = ServiceProcess.start(log, configuration).awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
        flow.close();
        platform.close();
        collector.close();
    }

    private static String freshTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static TestEvent traced(String story, String traceId) {
        return TestEvent.fresh(story).withHeader("traceparent", "00-" + traceId + "-00f067aa0ba902b7-01");
    }

    private static Received processed(String traceId) {
        Awaitility.await().atMost(Flow.PATIENCE).until(
                () -> collector.named("process cert-renewed").stream().anyMatch(span -> span.traceId().equals(traceId)));
        return collector.named("process cert-renewed").stream().filter(span -> span.traceId().equals(traceId)).findFirst()
                .orElseThrow();
    }

    private static List<Received> steps(TestEvent event, int least) {
        Awaitility.await("steps of " + event.certificateName()).atMost(Flow.PATIENCE)
                .until(() -> stepsNow(event).size() >= least);
        return stepsNow(event);
    }

    private static List<Received> stepsNow(TestEvent event) {
        return collector.named("renewal step").stream()
                .filter(span -> event.renewalId().toString().equals(span.attributes().get("certcourier.renewal.id"))).toList();
    }

    private static List<JsonNode> lines() {
        try (var lines = Files.lines(log)) {
            return lines.map(TraceAndLogIT::parsed).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }

    private static List<JsonNode> lines(String action, TestEvent event) {
        return lines().stream().filter(line -> action.equals(line.at("/labels/event.action").asText())
                && event.renewalId().toString().equals(line.at("/labels/renewalId").asText())).toList();
    }

    private static List<JsonNode> awaitLines(String action, TestEvent event, int count) {
        Awaitility.await(action).atMost(Flow.PATIENCE).until(() -> lines(action, event).size() >= count);
        return lines(action, event);
    }

    @Test
    @Order(1)
    void one_trace_leads_from_the_event_to_its_outcome_and_every_step_refers_to_it() {
        String trace = freshTrace();
        var event = traced("traced", trace);

        flow.send(event);
        var outcome = flow.topics().await(event.renewalId());

        var processed = processed(trace);
        assertThat(processed.kind()).isEqualTo(SpanReceiver.CONSUMER);
        assertThat(processed.parentId()).isEqualTo("00f067aa0ba902b7");
        assertThat(processed.attributes()).containsEntry("messaging.system", "kafka")
                .containsEntry("messaging.destination.name", "cert-renewed").containsEntry("messaging.message.id", event.id())
                .containsEntry("certcourier.renewal.id", event.renewalId().toString());
        var steps = steps(event, 2);
        assertThat(steps).allSatisfy(step -> {
            assertThat(step.kind()).isEqualTo(SpanReceiver.INTERNAL);
            assertThat(step.parentId()).isEmpty();
            assertThat(step.traceId()).isNotEqualTo(trace);
            assertThat(step.links()).containsExactly(processed.address());
        });
        assertThat(steps).extracting(step -> step.attributes().get("certcourier.state")).contains("IMPORTING", "PUSHING");
        assertThat(collector.named("renewal step")).as("the shared look")
                .anyMatch(step -> "CONFIRMING".equals(step.attributes().get("certcourier.state"))
                        && step.links().contains(processed.address()));
        assertCalls(steps);
        assertThat(outcome.headers().get("traceparent")).isEqualTo("00-" + trace + "-" + processed.spanId() + "-01");
        Awaitility.await().atMost(Flow.PATIENCE).untilAsserted(() -> assertThat(collector.named("send cert-delivered"))
                .anySatisfy(send -> {
                    assertThat(send.kind()).isEqualTo(SpanReceiver.PRODUCER);
                    assertThat(send.links()).containsExactly(processed.address());
                    assertThat(send.attributes()).containsEntry("messaging.message.id", event.renewalId() + ".1");
                }));
    }

    private static void assertCalls(List<Received> steps) {
        var ids = steps.stream().map(Received::spanId).toList();
        var pushes = List.of("POST /v3/scm/certificates/{id}/push", "POST /v3/scm/certificates/{id}/batch-push");
        assertThat(collector.named(IMPORT)).anySatisfy(call -> {
            assertThat(ids).contains(call.parentId());
            assertThat(call.kind()).isEqualTo(SpanReceiver.CLIENT);
            assertThat(call.failed()).isFalse();
            assertThat(call.attributes()).containsEntry("http.response.status_code", "200")
                    .containsEntry("certcourier.account", "default").containsKey("certcourier.scm.request.id");
        });
        var pushed = pushes.stream().flatMap(name -> collector.named(name).stream())
                .filter(call -> ids.contains(call.parentId())).toList();
        assertThat(pushed).as("a push per service, also those on other threads").hasSize(3);
        assertThat(collector.named("POST")).as("the HTTP client's own spans").isEmpty();
    }

    @Test
    @Order(2)
    void a_renewal_has_one_line_when_it_is_accepted_and_one_when_it_ends() {
        String trace = freshTrace();
        var event = traced("logged", trace);

        flow.send(event);
        flow.topics().await(event.renewalId());

        awaitLines("renewal.ended", event, 1);
        assertThat(lines()).allSatisfy(line -> {
            assertThat(line.path("@timestamp").asText()).isNotEmpty();
            assertThat(line.path("log.level").asText()).isNotEmpty();
            assertThat(line.path("message").isTextual()).isTrue();
            assertThat(line.path("ecs.version").asText()).isNotEmpty();
        });
        assertThat(lines("renewal.accepted", event)).singleElement().satisfies(line -> {
            assertThat(line.path("log.level").asText()).isEqualTo("INFO");
            assertThat(line.at("/labels/certificateName").asText()).isEqualTo(event.certificateName());
            assertThat(line.at("/labels/account").asText()).isEqualTo("default");
            assertThat(line.at("/labels/state").asText()).isEqualTo("READY");
            assertThat(line.at("/labels/traceId").asText()).isEqualTo(trace);
        });
        assertThat(lines("renewal.ended", event)).singleElement().satisfies(line -> {
            assertThat(line.path("log.level").asText()).isEqualTo("INFO");
            assertThat(line.at("/labels/state").asText()).isEqualTo("SUCCEEDED");
            assertThat(steps(event, 2)).extracting(Received::traceId).contains(line.at("/labels/traceId").asText());
        });
        assertThat(awaitLines("import.sent", event, 1).get(0).at("/labels/requestId").asText()).matches("[0-9a-f]{32}");
        assertThat(awaitLines("target.pushed", event, 3)).extracting(line -> line.at("/labels/target").asText())
                .containsExactlyInAnyOrder("CDN", "ELB@cn-north-4", "WAF@cn-north-4");
    }

    @Test
    @Order(3)
    void a_refused_record_has_one_line_and_a_failed_span() {
        String trace = freshTrace();
        var event = traced("refused", trace).with("account", "nobody");

        flow.send(event);
        flow.topics().await(event.renewalId());

        assertThat(awaitLines("renewal.refused", event, 1)).singleElement().satisfies(line -> {
            assertThat(line.path("log.level").asText()).isEqualTo("INFO");
            assertThat(line.at("/labels/reasonCode").asText()).isEqualTo("ACCOUNT_UNKNOWN");
            assertThat(line.at("/labels/certificateName").asText()).isEqualTo(event.certificateName());
            assertThat(line.at("/labels/traceId").asText()).isEqualTo(trace);
        });
        assertThat(lines("renewal.ended", event)).isEmpty();
        assertThat(processed(trace)).satisfies(span -> {
            assertThat(span.failed()).isTrue();
            assertThat(span.attributes()).containsEntry("error.type", "ACCOUNT_UNKNOWN");
        });
    }

    @Test
    @Order(4)
    void another_process_goes_on_with_the_event_s_trace() {
        flow.scm().faults().add(Fault.of(FaultKind.STATUS).times(0));
        String trace = freshTrace();
        var event = traced("resumed", trace);
        flow.send(event);
        var processed = processed(trace);
        assertThat(awaitLines("renewal.waits", event, 1).get(0).path("log.level").asText()).isEqualTo("WARN");
        service.terminate();
        assertNothingLeaked();

        collector.forget();
        flow.scm().faults().clear();
        startService("second", Map.of("quarkus.otel.exporter.otlp.endpoint", collector.endpoint(),
                "quarkus.otel.exporter.otlp.protocol", "http/protobuf", "quarkus.otel.bsp.schedule.delay", "200ms"));
        flow.topics().await(event.renewalId());

        assertThat(steps(event, 1)).allSatisfy(step -> assertThat(step.links()).containsExactly(processed.address()));
        Awaitility.await().atMost(Flow.PATIENCE).untilAsserted(() -> assertThat(collector.named("send cert-delivered"))
                .anyMatch(send -> send.links().contains(processed.address())));
        service.terminate();
    }

    private static void assertNothingLeaked() {
        var search = new LeakSearch().mark("BEGIN PRIVATE KEY").mark("BEGIN CERTIFICATE").mark("SDK-HMAC-SHA256 Access=");
        platform.configuration().forEach((key, value) -> {
            if (key.endsWith(".secret-key")) {
                search.text(key, value);
            }
        });
        assertThat(collector.bytes()).contains("renewal step").contains(IMPORT);
        assertThat(search.in("spans", collector.bytes())).isEmpty();
        assertThat(search.inFile(log)).isEmpty();
    }

    @Test
    @Order(5)
    void without_an_endpoint_nothing_is_traced_and_nobody_complains() {
        startService("untraced", Map.of());
        String trace = freshTrace();
        var event = traced("untraced", trace);

        flow.send(event);
        var outcome = flow.topics().await(event.renewalId());

        assertThat(outcome.headers().get("traceparent")).as("passes through")
                .isEqualTo("00-" + trace + "-00f067aa0ba902b7-01");
        assertThat(awaitLines("renewal.ended", event, 1).get(0).at("/labels/traceId").asText()).isEqualTo(trace);
        service.terminate();
        assertThat(lines()).filteredOn(line -> !List.of("INFO", "DEBUG").contains(line.path("log.level").asText()))
                .noneMatch(line -> line.toString().contains("opentelemetry"));
        assertThat(service.log()).doesNotContain("4317").doesNotContain("0000000000000000");
    }
}
