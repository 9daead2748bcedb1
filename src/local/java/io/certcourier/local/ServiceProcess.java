package io.certcourier.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.certcourier.local.scm.ScmEmulator;

/** The packaged service, configured from outside like in production: by environment variables. */
final class ServiceProcess implements AutoCloseable {

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final ChildProcess process;

    private ServiceProcess(ChildProcess process) {
        this.process = process;
    }

    static void requirePackaged() {
        if (!Files.exists(JAR)) {
            throw new LocalFailure(JAR + " is missing: run mvn -Plocal in the project's folder, which packages it first.");
        }
    }

    /** Starts it and returns when its readiness check is UP. */
    static ServiceProcess start(PlatformSettings settings, LocalKafka kafka, LocalPostgres postgres, ScmEmulator scm) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("QUARKUS_PROFILE", "local");
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(settings.port(Part.HTTP)));
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(settings.port(Part.MANAGEMENT)));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("QUARKUS_DATASOURCE_JDBC_URL", postgres.jdbcUrl());
        environment.put("QUARKUS_DATASOURCE_USERNAME", postgres.user());
        environment.put("QUARKUS_DATASOURCE_PASSWORD", postgres.password());
        // a file, so that a service that was killed opens what it has sealed
        KeysetCommand.write(settings.keyset());
        environment.put("CERTCOURIER_RENEWAL_KEYSET", settings.keyset().toString());
        environment.put("CERTCOURIER_INTAKE_ALLOW_PLAINTEXT_KEYS", "true");
        environment.put("CERTCOURIER_SCM_ACCOUNTS_DEFAULT_ENDPOINT", scm.endpoint().toString());
        environment.put("CERTCOURIER_SCM_ACCOUNTS_DEFAULT_ACCESS_KEY", ScmEmulator.ACCESS_KEY);
        environment.put("CERTCOURIER_SCM_ACCOUNTS_DEFAULT_SECRET_KEY", ScmEmulator.SECRET_KEY);
        environment.put("CERTCOURIER_SCM_ACCOUNTS_DEFAULT_TARGETS", String.join(",", SampleRenewal.TARGETS));
        return start(settings, environment);
    }

    private static ServiceProcess start(PlatformSettings settings, Map<String, String> environment) {
        var command = List.of(ChildProcess.java(), "-Xmx512m", "-jar", JAR.toString());
        ChildProcess process = ChildProcess.start("service", command, environment, settings.folder().resolve("service.log"));
        try {
            var ready = URI.create("http://localhost:" + settings.port(Part.MANAGEMENT) + "/q/health/ready");
            HttpClient http = HttpClient.newHttpClient();
            process.awaitReady(() -> isUp(http, ready), START_LIMIT);
            return new ServiceProcess(process);
        } catch (RuntimeException | Error e) {
            process.kill();
            throw e;
        }
    }

    /** Completes when it ends, wanted or not. */
    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    @Override
    public void close() {
        process.stop(Duration.ofSeconds(20));
    }

    private static boolean isUp(HttpClient http, URI ready) {
        try {
            var request = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(2)).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // not listening yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
