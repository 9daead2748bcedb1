package io.certcourier.flow;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

import io.certcourier.local.Ports;

/** The packaged service as a process of its own, to be killed. */
public final class ServiceProcess implements AutoCloseable {

    public static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    /** Half the work of a start: what the second compiler makes pays after minutes only. The collector is that of the image. */
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final Process process;
    private final Path log;
    private final int managementPort;
    private final int httpPort;

    private ServiceProcess(Process process, Path log, int httpPort, int managementPort) {
        this.process = process;
        this.log = log;
        this.httpPort = httpPort;
        this.managementPort = managementPort;
    }

    /**
     * @param configuration keys as in application.properties, passed as system properties; or names of environment variables
     */
    public static ServiceProcess start(Path log, Map<String, String> configuration, String... jvmOptions) {
        return startIn(Path.of(""), log, configuration, jvmOptions);
    }

    /** The same in a working folder of its own. */
    public static ServiceProcess startIn(Path folder, Path log, Map<String, String> configuration, String... jvmOptions) {
        return launch(JAR, folder, log, configuration, Stream.concat(SHORT_LIVED.stream(), Stream.of(jvmOptions)).toList());
    }

    /** The same of another version. */
    public static ServiceProcess startVersion(Path jar, Path log, Map<String, String> configuration) {
        return launch(jar, Path.of(""), log, configuration, SHORT_LIVED);
    }

    /** The same with these options alone, for who measures how fast it is. */
    public static ServiceProcess startMeasured(Path log, Map<String, String> configuration, List<String> jvmOptions) {
        return launch(JAR, Path.of(""), log, configuration, jvmOptions);
    }

    private static ServiceProcess launch(Path jar, Path folder, Path log, Map<String, String> configuration,
            List<String> jvmOptions) {
        int http = Ports.free();
        int management = Ports.free();
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m"));
        command.addAll(jvmOptions);
        var environment = new HashMap<String, String>();
        configuration.forEach((key, value) -> {
            if (key.matches("[A-Z0-9_]+")) {
                environment.put(key, value);
            } else {
                command.add("-D" + key + "=" + value);
            }
        });
        command.add("-Dquarkus.http.port=" + http);
        command.add("-Dquarkus.management.port=" + management);
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
        try {
            Files.createDirectories(log.getParent());
            var builder = new ProcessBuilder(command).directory(folder.toAbsolutePath().toFile()).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            var process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new ServiceProcess(process, log, http, management);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public ServiceProcess awaitReady() {
        return awaitReady(Duration.ofSeconds(90));
    }

    public ServiceProcess awaitReady(Duration most) {
        Awaitility.await("ready, see " + log).atMost(most).pollInterval(Duration.ofMillis(200))
                .until(() -> !process.isAlive() || status("/q/health/ready") == 200);
        if (!process.isAlive()) {
            throw new IllegalStateException("the service did not start:\n" + log());
        }
        return this;
    }

    /** HTTP status of a path of the management port; 0 if nobody answers. */
    public int status(String path) {
        return get(managementPort, path, HttpResponse.BodyHandlers.discarding()).map(HttpResponse::statusCode).orElse(0);
    }

    public int httpPort() {
        return httpPort;
    }

    public int managementPort() {
        return managementPort;
    }

    public String body(String path) {
        return get(httpPort, path, HttpResponse.BodyHandlers.ofString()).map(HttpResponse::body).orElse("");
    }

    /** Body of a path of the management port; empty if nobody answers. */
    public String managementBody(String path) {
        return get(managementPort, path, HttpResponse.BodyHandlers.ofString()).map(HttpResponse::body).orElse("");
    }

    private static <T> java.util.Optional<HttpResponse<T>> get(int port, String path, HttpResponse.BodyHandler<T> handler) {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(10))
                    .build();
            return java.util.Optional.of(HttpClient.newHttpClient().send(request, handler));
        } catch (IOException e) {
            return java.util.Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return java.util.Optional.empty();
        }
    }

    /** kill -9 */
    public void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** SIGTERM; answers the exit code. */
    public int terminate() {
        process.destroy();
        return awaitExit(Duration.ofSeconds(45));
    }

    public int awaitExit(Duration most) {
        try {
            if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the service did not end within " + most + ":\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
