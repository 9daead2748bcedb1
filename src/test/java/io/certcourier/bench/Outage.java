package io.certcourier.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.awaitility.Awaitility;

/**
 * The cloud is away: events are stored and acknowledged as fast as they can be, then the queue drains.
 *
 * @param events that were queued
 * @param intakeSeconds from the first event to the last stored one
 * @param intakeCpu CPU seconds of the service for it
 * @param drainSeconds from the moment the account is called again to the last outcome
 * @param residentMiB of the service when idle, when all is queued, and when all is told
 */
record Outage(int events, double intakeSeconds, double intakeCpu, double drainSeconds, Map<String, Double> residentMiB) {

    static Outage measure(Stage stage, Service service, Setup setup, int events) {
        stage.prepare(setup.withBacklog(events));
        service.outcomes().forget();
        account(service, "pause");
        var memory = new LinkedHashMap<String, Double>();
        long pid = service.process().pid();
        memory.put("idle", Machine.residentMiB(pid));
        double cpu = Machine.cpuSeconds(pid);
        long start = System.nanoTime();
        service.send(setup, stage.samples(events));
        Awaitility.await("all are stored").atMost(Duration.ofMinutes(10)).pollInterval(Duration.ofMillis(100))
                .until(() -> stage.number("SELECT count(*) FROM public.renewal") == events);
        double intake = (System.nanoTime() - start) / 1e9;
        double used = Machine.cpuSeconds(pid) - cpu;
        memory.put("queued", Machine.residentMiB(pid));
        start = System.nanoTime();
        account(service, "resume");
        Awaitility.await("all are told").atMost(Duration.ofMinutes(30)).pollInterval(Duration.ofMillis(100))
                .until(() -> service.outcomes().told() == events);
        double drain = (System.nanoTime() - start) / 1e9;
        memory.put("told", Machine.residentMiB(pid));
        if (service.outcomes().delivered().size() != events) {
            throw new IllegalStateException(
                    "void: %d of %d were delivered".formatted(service.outcomes().delivered().size(), events));
        }
        return new Outage(events, intake, used, drain, memory);
    }

    private static void account(Service service, String action) {
        var request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + service.process().httpPort() + "/v1/accounts/default/" + action))
                .header("Content-Type", "application/json").timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"benchmark\"}")).build();
        try {
            var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException(action + " answered " + response.statusCode() + " " + response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    double intakeRate() {
        return events / intakeSeconds;
    }

    @Override
    public String toString() {
        return "outage: %d events, intake %.0f/s (%.2f ms CPU each), drain %.1f/s, MiB %s".formatted(events, intakeRate(),
                1000 * intakeCpu / events, events / drainSeconds, residentMiB);
    }
}
