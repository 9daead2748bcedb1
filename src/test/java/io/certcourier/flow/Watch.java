package io.certcourier.flow;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

import io.certcourier.flow.Sight.Answer;

/** Asks probes, metrics and API twice a second, each by a thread of its own: a slow one must not hide what the others tell. */
final class Watch implements AutoCloseable {

    static final Duration EVERY = Duration.ofMillis(500);
    static final String READY = "/q/health/ready";
    static final String LIVE = "/q/health/live";
    static final String DEPENDENCIES = "/q/health/group/dependencies";
    static final List<String> PROBES = List.of(READY, LIVE, DEPENDENCIES);
    static final String OPEN = "/v1/renewals?state=READY&state=RESOLVING&state=CONFIRMING&state=PUSHING&state=HELD";
    static final String PARTIAL = "/v1/renewals?outcome=PARTIAL";
    static final String ACCOUNTS = "/v1/accounts";
    static final String REFUSALS = "/v1/refusals";

    private static final String METRICS = "/q/metrics";
    private static final List<String> PATHS = List.of(READY, LIVE, DEPENDENCIES, METRICS, OPEN, PARTIAL, ACCOUNTS, REFUSALS);
    /** Longer than the service's own patience with its database, so that its answer comes first. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final ServiceProcess service;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Answer> latest = new ConcurrentHashMap<>();
    private final Map<String, Integer> changes = new ConcurrentHashMap<>();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(PATHS.size());
    private volatile Scrape before;

    Watch(ServiceProcess service) {
        this.service = service;
        PATHS.forEach(path -> threads.scheduleWithFixedDelay(() -> ask(path), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS));
        Awaitility.await().atMost(Flow.PATIENCE).until(() -> latest.keySet().containsAll(PATHS)
                && PROBES.stream().allMatch(probe -> latest.get(probe).isUp()) && tallied());
        begin();
    }

    /** The gauges of the backlog come with the first tally. */
    private boolean tallied() {
        return latest.get(METRICS).body().contains("certcourier_renewals_open{");
    }

    /** From here on counters rise and probes change. */
    void begin() {
        before = Scrape.of(latest.get(METRICS).body());
        changes.clear();
    }

    Sight sight() {
        return new Sight(Map.copyOf(latest), Scrape.of(latest.get(METRICS).body()), before);
    }

    /** How often the probe has turned since the beginning. */
    int changes(String probe) {
        return changes.getOrDefault(probe, 0);
    }

    private void ask(String path) {
        var answer = get(path);
        var last = latest.put(path, answer);
        if (last != null && last.isUp() != answer.isUp()) {
            changes.merge(path, 1, Integer::sum);
        }
    }

    private Answer get(String path) {
        int port = path.startsWith("/q/") ? service.managementPort() : service.httpPort();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE).build();
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            return new Answer(0, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, "");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
