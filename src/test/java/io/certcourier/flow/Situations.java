package io.certcourier.flow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;
import io.certcourier.local.scm.Operation;
import io.certcourier.local.scm.ScmEmulator;
import io.certcourier.local.scm.Service;

/** The situations of the drill: how each is caused and ended, and what tells of it. */
final class Situations {

    private static final String REQUESTS = "certcourier_scm_requests_seconds_count";
    private static final Duration SCM_AWAY = Duration.ofSeconds(40);
    private static final Runnable NOTHING = () -> {
    };

    private final Flow flow;
    private final ServiceProcess service;

    Situations(Flow flow, ServiceProcess service) {
        this.flow = flow;
        this.service = service;
    }

    /** In the order of the drill. */
    List<Situation> troubles() {
        return List.of(scmDown(), credentialsRevoked(), throttled(), databaseDown(), brokerDown(), poisonEvent(),
                partialFailure());
    }

    /** One delivery, and all signals that must not tell of it. */
    Situation healthy() {
        return new Situation("healthy", () -> send(1), NOTHING, "",
                troubles().stream().flatMap(trouble -> trouble.signals().stream()).toList());
    }

    private Situation scmDown() {
        return new Situation("SCM down", () -> {
            flow.scm().refuseConnections(SCM_AWAY);
            send(3);
        }, this::awaitScm, "none of its own; CertcourierDeadlineAtRisk a day before the deadline", List.of(
                Signal.counter("`scm_requests` NOT_SENT or UNKNOWN rises",
                        sight -> sight.increase(REQUESTS, "outcome", "NOT_SENT|UNKNOWN") > 0),
                Signal.api("`renewals`: reason PROVIDER_UNAVAILABLE", sight -> waitsFor(sight, "PROVIDER_UNAVAILABLE"))));
    }

    private Situation credentialsRevoked() {
        return new Situation("credentials revoked", () -> {
            flow.scm().account().revoke(ScmEmulator.ACCESS_KEY);
            send(3);
        }, () -> {
            flow.scm().account().withKey(ScmEmulator.ACCESS_KEY, ScmEmulator.SECRET_KEY);
            post("/v1/accounts/default/resume", "{\"reason\":\"the key is valid again\"}", "application/json");
        }, "", List.of(Signal.probe(Watch.DEPENDENCIES, "scm"),
                Signal.metric("`scm_breaker_open` is 1", sight -> sight.max("certcourier_scm_breaker_open") > 0),
                Signal.alert("CertcourierScmAuthFailing", REQUESTS + "{outcome=\"AUTH\"}[5m])) > 0",
                        sight -> sight.increase(REQUESTS, "outcome", "AUTH") > 0),
                Signal.alert("CertcourierAccountHeld", "(certcourier_scm_breaker_open) > 0",
                        sight -> sight.max("certcourier_scm_breaker_open") > 0),
                Signal.api("`accounts`: breaker OPEN, PROVIDER_AUTH",
                        sight -> sight.lists(Watch.ACCOUNTS, account -> account.path("breaker").asText().equals("OPEN")
                                && account.path("reasonCode").asText().equals("PROVIDER_AUTH")))));
    }

    private Situation throttled() {
        return new Situation("throttled", () -> {
            flow.scm().faults().add(Fault.of(FaultKind.THROTTLED).on(Operation.IMPORT).times(0).with("retry-after", "5"));
            send(8);
        }, () -> flow.scm().faults().clear(), "CertcourierScmThrottled after more than three in 30 minutes", List.of(
                Signal.counter("`scm_requests` THROTTLED rises",
                        sight -> sight.increase(REQUESTS, "outcome", "THROTTLED") > 0),
                Signal.api("`renewals`: reason PROVIDER_THROTTLED", sight -> waitsFor(sight, "PROVIDER_THROTTLED")),
                // raised again only after ten quiet minutes
                Signal.history("`accounts`: budget in force below the configured one",
                        sight -> sight.lists(Watch.ACCOUNTS, account -> Sight.any(account.path("budgets"), budget -> budget
                                .path("perMinute").asDouble() < budget.path("configured").asDouble())))));
    }

    private Situation databaseDown() {
        return new Situation("PostgreSQL down", () -> {
            flow.platform().postgres().kill();
            send(3);
        }, () -> flow.platform().postgres().restart(), "", List.of(Signal.probe(Watch.READY, "database"),
                Signal.probe(Watch.DEPENDENCIES, "renewals"),
                Signal.metric("`renewals_open` is absent", sight -> sight.isAbsent("certcourier_renewals_open")),
                Signal.alert("CertcourierBacklogUnknown", "absent(certcourier_renewals_open)",
                        sight -> sight.isAbsent("certcourier_renewals_open")),
                Signal.api("`accounts`: 503, the database does not answer",
                        sight -> sight.answer(Watch.ACCOUNTS).status() == 503
                                && sight.answer(Watch.ACCOUNTS).body().contains("database does not answer"))));
    }

    private Situation brokerDown() {
        return new Situation("broker down", () -> {
            flow.platform().kafka().kill();
            // the topic is away, the other way in is not
            post("/v1/renewals", envelope(event()), "application/cloudevents+json");
        }, () -> flow.platform().kafka().restart(), "CertcourierOutboxStuck after 300 s", List.of(
                Signal.metric("`outbox_pending` above 0", sight -> sight.max("certcourier_outbox_pending") > 0),
                Signal.api("`dependencies`: outbox.pending above 0",
                        sight -> Sight.any(sight.answer(Watch.DEPENDENCIES).json().path("checks"),
                                check -> check.at("/data/pending").asInt() > 0))));
    }

    private Situation poisonEvent() {
        return new Situation("one poison event",
                () -> flow.send(new ProducerRecord<>("cert-renewed", "poison", "{\"certificateName\":".getBytes(UTF_8))),
                NOTHING, "", List.of(
                        Signal.counter("`events_rejected` MALFORMED_JSON rises",
                                sight -> sight.increase("certcourier_events_rejected_total", "reason", "MALFORMED_JSON") > 0),
                        Signal.alert("CertcourierEventsRejected", "(certcourier_events_rejected_total[15m])) > 0",
                                sight -> sight.increase("certcourier_events_rejected_total") > 0),
                        Signal.history("`refusals`: MALFORMED_JSON", sight -> sight.lists(Watch.REFUSALS,
                                refusal -> refusal.path("reasonCode").asText().equals("MALFORMED_JSON")))));
    }

    private Situation partialFailure() {
        return new Situation("one partial failure", () -> {
            flow.scm().faults().add(Fault.of(FaultKind.STATUS).on(Operation.BATCH_PUSH).target(Service.ELB, null).times(0)
                    .with("status", 400).with("code", "SCM.0201").with("message", "ELB error message: not wanted"));
            send(1);
        }, () -> flow.scm().faults().clear(), "", List.of(
                Signal.counter("`renewals_completed` PARTIAL rises",
                        sight -> sight.increase("certcourier_renewals_completed_total", "outcome", "PARTIAL") > 0),
                Signal.alert("CertcourierDeliveryFailed",
                        "(certcourier_renewals_completed_total{outcome=~\"FAILED|PARTIAL|EXPIRED\"}[15m])) > 0",
                        sight -> sight.increase("certcourier_renewals_completed_total", "outcome",
                                "FAILED|PARTIAL|EXPIRED") > 0),
                Signal.history("`renewals?outcome=PARTIAL`: TARGET_REJECTED", sight -> sight.lists(Watch.PARTIAL,
                        renewal -> renewal.path("reasonCode").asText().equals("TARGET_REJECTED")))));
    }

    private static boolean waitsFor(Sight sight, String reason) {
        return sight.lists(Watch.OPEN, renewal -> renewal.path("reasonCode").asText().equals(reason));
    }

    private void send(int count) {
        Stream.generate(this::event).limit(count).forEach(flow::send);
    }

    /** With an encrypted key, since one in clear is told of too. */
    private TestEvent event() {
        String name = Flow.freshName("drill");
        IssuedCertificate issued = Flow.CA.issue(name);
        return TestEvent.of(name, issued).with("privateKeyPem", null).with("privateKeyJwe",
                flow.platform().recipient().encrypt(issued.keyPem()));
    }

    private static String envelope(TestEvent event) {
        return "{\"specversion\":\"1.0\",\"type\":\"io.certcourier.certificate.renewed.v1\",\"source\":\"" + event.source()
                + "\",\"id\":\"" + event.id() + "\",\"data\":" + new String(event.data(), UTF_8) + "}";
    }

    private void awaitScm() {
        var endpoint = flow.scm().endpoint();
        Awaitility.await().atMost(SCM_AWAY.multipliedBy(2)).until(() -> {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), 1000);
                return true;
            } catch (IOException refused) {
                return false;
            }
        });
    }

    /** @throws IllegalStateException it was not accepted */
    private void post(String path, String body, String type) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.httpPort() + path))
                .header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)).build();
        try {
            var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 202) {
                throw new IllegalStateException(path + " answered " + response.statusCode() + ": " + response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
