package io.certcourier.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import io.certcourier.local.scm.ScmEmulator;

/**
 * How soon the packaged service is ready, with broker, database and SCM emulator at hand; and the AOT cache that makes it
 * sooner, trained on a real start and one renewal.
 *
 * <pre>
 * StartUp measure JDK_HOME,JDK_HOME..   medians of five starts each; a JDK from 25 on is measured with and without the cache
 * StartUp train FILE                    writes the cache of the JDK that runs this; it is worth nothing to another build of it
 * </pre>
 */
public final class StartUp implements AutoCloseable {

    /** As in -Dlocal.only=start-up. */
    static final String NAME = "start-up";

    private static final int STARTS = 5;
    private static final int FIRST_WITH_CACHE = 25;
    private static final Duration FOLLOW_LIMIT = Duration.ofSeconds(60);
    /** A JVM that is learning is slow, and it writes the cache as it ends. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** A pod's: 70 % of 512 MiB, and the collector that a JVM takes in so small a place. */
    private static final List<String> POD = List.of("-Xmx358m", "-XX:+UseSerialGC");

    private record Start(Duration ready, Duration cpu, long residentBytes) {
    }

    private final PlatformSettings settings;
    private final Terminal terminal;
    private final ServerFolder folder;
    private final LocalKafka kafka;
    private final LocalPostgres postgres;
    private final ScmEmulator scm;

    private StartUp(PlatformSettings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
        ServiceProcess.requirePackaged();
        Ports.requireFree(settings.neededPorts());
        folder = ServerFolder.hold(settings.folder());
        folder.clear();
        Logs.to(folder.resolve("platform.log"));
        scm = ScmEmulator.start(settings.port(Part.SCM));
        kafka = LocalKafka.start(folder.resolve("kafka"), settings.port(Part.KAFKA));
        kafka.createTopics();
        postgres = LocalPostgres.start(folder.resolve("postgres"), settings.port(Part.POSTGRES));
    }

    /** @param args see above */
    public static void main(String[] args) {
        var terminal = new Terminal(System.out);
        if (args.length != 2 || args[1].isBlank()) {
            terminal.title("Say which JDKs to measure: -Djdks=/usr/lib/jvm/jdk-17,/usr/lib/jvm/jdk-25");
            System.exit(1);
        }
        try (var startUp = new StartUp(PlatformSettings.fromSystemProperties(Optional.empty()), terminal)) {
            if (args[0].equals("train")) {
                startUp.train(ChildProcess.java(), Path.of(args[1]));
            } else {
                startUp.measure(args[1].split(","));
            }
        } catch (LocalFailure e) {
            terminal.title(e.getMessage());
            System.exit(1);
        }
        System.exit(0); // threads of the servers may linger
    }

    private void measure(String[] homes) {
        var variants = variants(homes);
        var starts = new LinkedHashMap<String, List<Start>>();
        for (int i = 0; i < STARTS; i++) {
            // in turn, so that what else the machine does meets all of them
            variants.forEach((name, java) -> starts.computeIfAbsent(name, key -> new ArrayList<>()).add(start(java)));
        }
        terminal.title("Medians of " + STARTS + " starts in turn, on " + Runtime.getRuntime().availableProcessors()
                + " processors:");
        terminal.line("| | ready after | processor time for it | resident then |");
        terminal.line("|---|---|---|---|");
        starts.forEach((name, all) -> terminal.line("| %s | %s | %s | %d MiB |".formatted(name,
                Terminal.seconds(median(all, Start::ready)), Terminal.seconds(median(all, Start::cpu)),
                median(all, Start::residentBytes) >> 20)));
    }

    private static <T extends Comparable<T>> T median(List<Start> starts, Function<Start, T> figure) {
        return starts.stream().map(figure).sorted().toList().get(starts.size() / 2);
    }

    private Map<String, List<String>> variants(String[] homes) {
        var variants = new LinkedHashMap<String, List<String>>();
        for (String home : homes) {
            String java = Path.of(home, "bin", "java").toString();
            String version = version(Path.of(home));
            variants.put("JDK " + version, command(java, version));
            if (feature(version) >= FIRST_WITH_CACHE) {
                Path cache = folder.resolve("app-" + version + ".aot");
                train(java, cache);
                var cached = new ArrayList<>(command(java, version));
                cached.add("-XX:AOTCache=" + cache);
                variants.put("JDK " + version + ", AOT cache of " + (size(cache) >> 20) + " MiB", cached);
            }
        }
        return variants;
    }

    private static List<String> command(String java, String version) {
        var command = new ArrayList<>(List.of(java));
        command.addAll(POD);
        if (feature(version) >= FIRST_WITH_CACHE) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        return command;
    }

    private Start start(List<String> java) {
        long begin = System.nanoTime();
        try (var service = ServiceProcess.start(settings, kafka, postgres, scm, java, PATIENCE)) {
            var ready = Duration.ofNanos(System.nanoTime() - begin);
            return new Start(ready, service.cpu(), service.residentBytes());
        }
    }

    /** A start, a renewal from the event to its outcome, and an orderly end: what the cache should know of. */
    private void train(String java, Path cache) {
        terminal.title("Training " + java);
        var command = new ArrayList<>(command(java, version(Path.of(java).resolve("../..").normalize())));
        command.add("-XX:AOTCacheOutput=" + cache.toAbsolutePath());
        var service = ServiceProcess.start(settings, kafka, postgres, scm, command, PATIENCE);
        var sample = SampleRenewal.from(settings);
        send(sample);
        var api = URI.create("http://localhost:" + settings.port(Part.HTTP) + "/v1/");
        try (var follower = new Follower(terminal, api, kafka.bootstrapServers())) {
            follower.follow(sample.renewalId(), FOLLOW_LIMIT);
        }
        service.stop(PATIENCE);
        if (!Files.exists(cache)) {
            throw new LocalFailure("No cache was written; " + settings.folder().resolve("service.log") + " may say why.");
        }
    }

    private void send(SampleRenewal sample) {
        try (var producer = new KafkaProducer<>(Map.<String, Object> of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(), new ByteArraySerializer())) {
            producer.send(sample.record()).get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the broker did not take the event", e);
        }
    }

    private static String version(Path home) {
        var release = new Properties();
        try (var file = Files.newBufferedReader(home.resolve("release"))) {
            release.load(file);
            return release.getProperty("JAVA_VERSION").replace("\"", "");
        } catch (IOException e) {
            throw new LocalFailure(home + " is no JDK: it has no file release.");
        }
    }

    private static int feature(String version) {
        return Runtime.Version.parse(version).feature();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        postgres.close();
        kafka.close();
        scm.close();
        folder.close();
    }
}
