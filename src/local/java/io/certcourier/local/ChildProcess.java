package io.certcourier.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A process that belongs to this JVM: deaf to the terminal's Ctrl-C, so that we choose the order of the end, and gone when we
 * are.
 */
final class ChildProcess implements AutoCloseable {

    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final Process process;
    private final Watchdog watchdog;
    private final String name;
    private final Path log;

    private ChildProcess(Process process, Watchdog watchdog, String name, Path log) {
        this.process = process;
        this.watchdog = watchdog;
        this.name = name;
        this.log = log;
    }

    /**
     * Starts the command with its output appended to the log file.
     *
     * @param name what messages call it, such as "broker"
     * @param environment added to our own environment
     */
    static ChildProcess start(String name, List<String> command, Map<String, String> environment, Path log) {
        // an ignored signal stays ignored across exec, and a JVM leaves it so
        var shielded = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
        shielded.addAll(command);
        var builder = new ProcessBuilder(shielded).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            return new ChildProcess(process, Watchdog.over(process.pid(), "KILL"), name, log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.get(0), e);
        }
    }

    /** The java command of the JVM that runs us. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    /** Returns when it is ready; throws if it ends before, with the end of its log, which usually says why. */
    void awaitReady(BooleanSupplier ready, Duration limit) {
        Instant end = Instant.now().plus(limit);
        while (!ready.getAsBoolean()) {
            if (awaitEnd(Duration.ofMillis(50))) {
                throw new IllegalStateException("the %s ended by itself with exit code %d; %s ends with%n%s".formatted(name,
                        process.exitValue(), log, lastLines(15)));
            }
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("the %s is not ready after %d s; %s ends with%n%s".formatted(name,
                        limit.toSeconds(), log, lastLines(15)));
            }
        }
    }

    /** kill -9, and returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        awaitEnd(KILL_LIMIT);
        watchdog.close();
    }

    /** SIGTERM, and kill -9 after the grace. */
    void stop(Duration grace) {
        process.destroy();
        if (!awaitEnd(grace)) {
            process.destroyForcibly();
            awaitEnd(KILL_LIMIT);
        }
        watchdog.close();
    }

    @Override
    public void close() {
        stop(Duration.ofSeconds(20));
    }

    private boolean awaitEnd(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the " + name, e);
        }
    }

    private String lastLines(int count) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(System.lineSeparator(), lines.subList(Math.max(0, lines.size() - count), lines.size()));
        } catch (IOException e) {
            return "(" + log + " cannot be read: " + e.getMessage() + ")";
        }
    }
}
