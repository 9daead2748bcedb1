package io.certcourier.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Where the service's CPU time goes, by Java Flight Recorder: samples of running threads while renewals are delivered. */
final class Profile {

    /** In this order: a sample belongs to the first of which a frame is on its stack. */
    private static final Map<String, List<String>> WORK = new java.util.LinkedHashMap<>();

    static {
        WORK.put("intake: decrypt, parse, validate", List.of("io.certcourier.intake.EventReader"));
        WORK.put("intake: store", List.of("io.certcourier.intake.IntakeTransaction"));
        WORK.put("claims (C2)", List.of("io.certcourier.renewal.Claims"));
        WORK.put("saves (C3, C4)", List.of("io.certcourier.renewal.RenewalStore"));
        WORK.put("look (L1, L2)", List.of("io.certcourier.renewal.Looks", "io.certcourier.renewal.Confirmation"));
        WORK.put("calls to SCM: build, sign, send", List.of("io.certcourier.scm", "io.netty", "io.vertx"));
        WORK.put("relay", List.of("io.certcourier.outcome.OutboxRelay"));
        WORK.put("Kafka clients", List.of("org.apache.kafka", "io.smallrye.reactive.messaging"));
        WORK.put("metrics, probes, logs", List.of("io.micrometer", "io.certcourier.ops", "org.jboss.logmanager"));
    }

    private final Map<String, Integer> work = new TreeMap<>();
    private final Map<String, Integer> hot = new TreeMap<>();
    private int samples;

    private Profile() {
    }

    /** Runs the work under the recorder. */
    static Profile of(Service service, Runnable renewals) {
        var file = Stage.FOLDER.resolve("service.jfr").toAbsolutePath();
        jcmd(service, "JFR.start", "name=bench", "settings=profile");
        renewals.run();
        jcmd(service, "JFR.stop", "name=bench", "filename=" + file);
        return read(file);
    }

    private static void jcmd(Service service, String... arguments) {
        var command = new java.util.ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(service.process().pid())));
        command.addAll(List.of(arguments));
        try {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static Profile read(Path recording) {
        var profile = new Profile();
        try (var events = new RecordingFile(recording)) {
            while (events.hasMoreEvents()) {
                var event = events.readEvent();
                if (event.getEventType().getName().equals("jdk.ExecutionSample") && event.getStackTrace() != null) {
                    profile.add(event);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return profile;
    }

    private void add(RecordedEvent sample) {
        var frames = sample.getStackTrace().getFrames().stream()
                .map(frame -> frame.getMethod().getType().getName() + "." + frame.getMethod().getName()).toList();
        samples++;
        work.merge(WORK.entrySet().stream().filter(entry -> entry.getValue().stream()
                .anyMatch(start -> frames.stream().anyMatch(frame -> frame.startsWith(start)))).map(Map.Entry::getKey)
                .findFirst().orElse("other"), 1, Integer::sum);
        hot.merge(frames.get(0), 1, Integer::sum);
    }

    /** Two Markdown tables. */
    String tables() {
        return "%d samples of running Java code; compiler and collector threads are not in them.%n%n".formatted(samples)
                + table("what for", work, 20) + "\n" + table("hottest methods", hot, 15);
    }

    private String table(String heading, Map<String, Integer> counts, int most) {
        var text = new StringBuilder("| " + heading + " | share |\n|---|--:|\n");
        counts.entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.reverseOrder())).limit(most)
                .forEach(entry -> text.append(String.format(Locale.ROOT, "| %s | %.1f %% |%n",
                        entry.getKey().startsWith("j") || entry.getKey().contains(".") ? "`" + entry.getKey() + "`"
                                : entry.getKey(),
                        100.0 * entry.getValue() / samples)));
        return text.toString();
    }
}
