package io.certcourier.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;

import io.certcourier.local.scm.ScmEmulator;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The emulator in a process of its own, whose CPU time can be told apart; driven and read as people do it, over HTTP. */
final class Cloud implements AutoCloseable {

    private final Jvm process;
    private final URI endpoint;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Vertx vertx = Vertx.vertx();
    private final ScmCalls calls;
    private final Sample old = Sample.old();

    private Cloud(Jvm process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
        this.calls = new ScmCalls(vertx, endpoint);
    }

    static Cloud start(Path log) {
        int port = freePort();
        var process = Jvm.start(log, Map.of(), ScmEmulator.class, "--port=" + port);
        var cloud = new Cloud(process, URI.create("http://127.0.0.1:" + port));
        Awaitility.await("the emulator").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100)).ignoreExceptions()
                .until(() -> cloud.control("GET", "health", "").getString("status").equals("UP"));
        cloud.control("POST", "accounts", new JsonObject().put("name", ScmEmulator.ACCOUNT)
                .put("projects", new JsonArray(Setup.projects())).encode());
        return cloud;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI endpoint() {
        return endpoint;
    }

    long pid() {
        return process.pid();
    }

    /** Empties the account, fills it with old certificates, and lets every call take its time. */
    void prepare(Setup setup) {
        control("POST", "reset", "");
        if (setup.account() > 0) {
            String id = calls.importCertificate(old).toCompletionStage().toCompletableFuture().join();
            control("POST", "certificates", new JsonObject().put("account", ScmEmulator.ACCOUNT).put("like", id)
                    .put("count", setup.account() - 1).encode());
        }
        // without the first, nobody could list a large account
        control("POST", "switches", new JsonObject().put("offset-max", "none")
                .put("rate", setup.callsPerMinute() == 0 ? "off" : setup.callsPerMinute() + "/minute").encode());
        control("POST", "faults", new JsonArray().add(new JsonObject().put("kind", "latency").put("options",
                new JsonObject().put("millis", setup.latency()))).encode());
    }

    /** Sequence number of the last call so far; 0 if there was none. */
    long lastSequence() {
        return ledgerSince(0).calls().stream().mapToLong(Ledger.Call::sequence).max().orElse(0);
    }

    /** The calls after a sequence number. */
    Ledger ledgerSince(long sequence) {
        var entries = new ArrayList<Ledger.Call>();
        for (Object entry : control("GET", "ledger?since=" + sequence, "").getJsonArray("calls")) {
            entries.add(Ledger.Call.of((JsonObject) entry));
        }
        return new Ledger(List.copyOf(entries));
    }

    private JsonObject control(String method, String path, String body) {
        try {
            var request = HttpRequest.newBuilder(endpoint.resolve("/_emulator/" + path)).timeout(Duration.ofSeconds(60))
                    .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(path + " answered " + response.statusCode() + " " + response.body());
            }
            return new JsonObject(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.close();
        vertx.close();
    }
}
