package io.certcourier.local;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import io.certcourier.local.scm.ScmEmulator;

/**
 * What mvn -Plocal runs: broker, database, SCM emulator and the packaged service; then one renewal, followed to its outcome.
 */
public final class LocalPlatform {

    private static final Duration FOLLOW_LIMIT = Duration.ofSeconds(60);

    private final PlatformSettings settings;
    private final ServerFolder folder;
    private final Terminal terminal;
    /** What is up, the latest first; guarded by itself. */
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private boolean stopping;

    private LocalPlatform(PlatformSettings settings, ServerFolder folder, Terminal terminal) {
        this.settings = settings;
        this.folder = folder;
        this.terminal = terminal;
    }

    /**
     * @param args nothing; one of kafka, postgres, scm to start that server alone; keyset or recipient-key to make a file of
     *        keys; or start-up to measure how soon the service is ready
     */
    public static void main(String[] args) {
        Optional<String> only = args.length == 0 ? PlatformSettings.text("local.only") : Optional.of(args[0]);
        if (only.equals(Optional.of(KeysetCommand.NAME))) {
            KeysetCommand.main(options("local.file", "local.rotate"));
            return;
        }
        if (only.equals(Optional.of(RecipientKeyCommand.NAME))) {
            RecipientKeyCommand.main(options("local.file", "local.kid"));
            return;
        }
        if (only.equals(Optional.of(StartUp.NAME))) {
            StartUp.main(new String[] { "measure", PlatformSettings.text("local.jdks").orElse("") });
            return;
        }
        var terminal = new Terminal(System.out);
        try {
            var settings = PlatformSettings.fromSystemProperties(only);
            if (settings.only().isEmpty()) {
                ServiceProcess.requirePackaged();
            }
            Ports.requireFree(settings.neededPorts());
            new LocalPlatform(settings, ServerFolder.hold(settings.folder()), terminal).runUntilSignal();
        } catch (LocalFailure e) {
            terminal.title(e.getMessage());
            System.exit(1);
        }
    }

    private static String[] options(String... properties) {
        return Stream.of(properties).map(property -> PlatformSettings.text(property).orElse("")).toArray(String[]::new);
    }

    private void runUntilSignal() {
        folder.clear();
        Logs.to(folder.resolve("platform.log"));
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        // Maven may be killed without telling us
        ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(1)));
        try {
            if (settings.only().isPresent()) {
                startAlone(settings.only().get());
            } else {
                startAll();
            }
            terminal.line("Ctrl-C ends " + (settings.only().isPresent() ? "it." : "everything."));
            new CountDownLatch(1).await(); // the shutdown hook does the rest
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fail(e instanceof CompletionException && e.getCause() instanceof RuntimeException cause ? cause : e);
        }
    }

    private void startAlone(Part server) {
        terminal.title("Starting " + server.words() + " alone (data and logs in " + shown(folder.path()) + ")");
        switch (server) {
            case KAFKA -> startKafka();
            case POSTGRES -> startPostgres();
            default -> startScm();
        }
        terminal.line("");
    }

    private void startAll() {
        terminal.title("Starting certcourier and what it needs (data and logs in " + shown(folder.path()) + ")");
        var kafka = CompletableFuture.supplyAsync(this::startKafka);
        var postgres = CompletableFuture.supplyAsync(this::startPostgres);
        ScmEmulator scm = startScm();
        CompletableFuture.allOf(kafka, postgres).join();
        ServiceProcess service = up("service", "http://localhost:" + settings.port(Part.HTTP),
                () -> ServiceProcess.start(settings, kafka.join(), postgres.join(), scm));
        service.onExit().thenAccept(this::serviceEnded);

        SampleRenewal sample = SampleRenewal.from(settings);
        sample.writePem(folder.resolve("sample"));
        terminal.title("Sending cert-renewed for " + sample.name() + " to " + String.join(", ", SampleRenewal.TARGETS));
        follow(sample, kafka.join());
        new Signposts(terminal, settings).print(sample);
    }

    private void follow(SampleRenewal sample, LocalKafka kafka) {
        URI api = URI.create("http://localhost:" + settings.port(Part.HTTP) + "/v1/");
        try (Follower follower = new Follower(terminal, api, kafka.bootstrapServers());
                var producer = new KafkaProducer<>(Map.<String, Object> of("bootstrap.servers", kafka.bootstrapServers()),
                        new StringSerializer(), new ByteArraySerializer())) {
            var sent = producer.send(sample.record()).get(30, TimeUnit.SECONDS);
            terminal.step(Duration.ZERO, "sent", "partition %d, offset %d; it becomes renewal %s".formatted(sent.partition(),
                    sent.offset(), sample.renewalId()));
            follower.follow(sample.renewalId(), FOLLOW_LIMIT);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the broker did not take the event", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private LocalKafka startKafka() {
        LocalKafka kafka = up("broker", "localhost:" + settings.port(Part.KAFKA),
                () -> LocalKafka.start(folder.resolve("kafka"), settings.port(Part.KAFKA)));
        kafka.createTopics();
        return kafka;
    }

    private LocalPostgres startPostgres() {
        return up("database", "localhost:" + settings.port(Part.POSTGRES),
                () -> LocalPostgres.start(folder.resolve("postgres"), settings.port(Part.POSTGRES)));
    }

    private ScmEmulator startScm() {
        return up("scm", "http://localhost:" + settings.port(Part.SCM) + " (emulator)",
                () -> ScmEmulator.start(settings.port(Part.SCM)));
    }

    private <T extends AutoCloseable> T up(String part, String where, Supplier<T> start) {
        long begin = System.nanoTime();
        T server = start.get();
        synchronized (running) {
            running.push(server);
        }
        terminal.up(part, where, Duration.ofNanos(System.nanoTime() - begin));
        return server;
    }

    private void serviceEnded(Process service) {
        synchronized (running) {
            if (stopping) {
                return;
            }
        }
        terminal.title("The service has ended with exit code " + service.exitValue() + "; see "
                + shown(folder.resolve("service.log")));
        System.exit(1);
    }

    private void fail(RuntimeException e) {
        Logger.getLogger(LocalPlatform.class.getName()).log(Level.SEVERE, "the local run failed", e);
        terminal.title(e instanceof LocalFailure ? e.getMessage()
                : "It did not work: " + e.getMessage() + System.lineSeparator() + System.lineSeparator() + "The logs are in "
                        + shown(folder.path()) + "; please send them along if you report this.");
        System.exit(1);
    }

    private void stop() {
        Deque<AutoCloseable> left;
        synchronized (running) {
            stopping = true;
            left = new ArrayDeque<>(running);
        }
        for (AutoCloseable server : left) {
            try {
                server.close();
            } catch (Exception e) {
                terminal.line("Could not stop a server in order: " + e.getMessage()); // its watchdog will
            }
        }
        terminal.line("");
        terminal.line("Stopped; the logs stay in " + shown(folder.path()) + ".");
    }

    private static String shown(Path path) {
        return Path.of("").toAbsolutePath().relativize(path).toString();
    }
}
