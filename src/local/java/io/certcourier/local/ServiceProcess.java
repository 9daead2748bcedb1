package io.certcourier.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.certcourier.local.scm.ScmEmulator;

/** The packaged service, configured from outside like in production: by environment variables. */
final class ServiceProcess implements AutoCloseable {

    /** Where the packaged service lies; the image has it elsewhere. */
    private static final Path JAR = Path.of(System.getProperty("local.app", "target/quarkus-app"), "quarkus-run.jar");
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

    /** Starts it with the java command that runs us, and returns when its readiness check is UP. */
    static ServiceProcess start(PlatformSettings settings, LocalKafka kafka, LocalPostgres postgres, ScmEmulator scm) {
        return start(settings, kafka, postgres, scm, List.of(ChildProcess.java(), "-Xmx512m"), START_LIMIT);
    }

    /** @param java the java command with its options, and without the jar */
    static ServiceProcess start(PlatformSettings settings, LocalKafka kafka, LocalPostgres postgres, ScmEmulator scm,
            List<String> java, Duration limit) {
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
        if (!Files.exists(settings.keyset())) {
            KeysetCommand.write(settings.keyset());
        }
        environment.put("CERTCOURIER_RENEWAL_KEYSET", settings.keyset().toString());
        environment.put("CERTCOURIER_INTAKE_ALLOW_PLAINTEXT_KEYS", "true");
        environment.put("CERTCOURIER_SCM_ACCOUNTS_DEFAULT_ENDPOINT", scm.endpoint().toString());
        environment.put("CERTCOURIER_SCM_ACCOUNTS_DEFAULT_ACCESS_KEY", ScmEmulator.ACCESS_KEY);
        environment.put("CERTCOURIER_SCM_ACCOUNTS_DEFAULT_SECRET_KEY", ScmEmulator.SECRET_KEY);
        environment.put("CERTCOURIER_SCM_ACCOUNTS_DEFAULT_TARGETS", String.join(",", SampleRenewal.TARGETS));
        return start(settings, environment, java, limit);
    }

    private static ServiceProcess start(PlatformSettings settings, Map<String, String> environment, List<String> java,
            Duration limit) {
        var command = new ArrayList<>(java);
        command.addAll(List.of("-jar", JAR.toString()));
        ChildProcess process = ChildProcess.start("service", command, environment, settings.folder().resolve("service.log"));
        try {
            var ready = URI.create("http://localhost:" + settings.port(Part.MANAGEMENT) + "/q/health/ready");
            HttpClient http = HttpClient.newHttpClient();
            process.awaitReady(() -> isUp(http, ready), limit);
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

    /** What it has computed so far, on all processors. */
    Duration cpu() {
        return ProcessHandle.of(process.pid()).flatMap(handle -> handle.info().totalCpuDuration()).orElseThrow();
    }

    /** Resident memory in bytes, as Linux tells it. */
    long residentBytes() {
        try (var status = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return status.filter(line -> line.startsWith("VmRSS:")).map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(Long::parseLong).findFirst().orElseThrow() * 1024;
        } catch (IOException e) {
            throw new UncheckedIOException("/proc has nothing about the service", e);
        }
    }

    /** SIGTERM, and kill -9 after the grace. */
    void stop(Duration grace) {
        process.stop(grace);
    }

    @Override
    public void close() {
        stop(Duration.ofSeconds(20));
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
