package io.certcourier.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.certcourier.flow.Signal.Kind;

/** What told of each situation: printed, and docs/situations.md with -Dregenerate. */
final class SituationTable {

    private static final String HEAD = """
            | situation | probe | metric | alert condition | API | quiet again | turns |
            |---|---|---|---|---|--:|---|
            """;

    private final List<String> rows = new ArrayList<>();

    void add(SituationRun run) {
        String row = row(run);
        System.out.println(row);
        rows.add(row);
    }

    private static String row(SituationRun run) {
        String later = run.situation().later();
        String alerts = Stream.of(cell(run, Kind.ALERT), later).filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
        return Stream.of(run.situation().name(), cell(run, Kind.PROBE), cell(run, Kind.METRIC), alerts, cell(run, Kind.API),
                run.quiet() == null ? "" : seconds(run.quiet()),
                run.probeChanges().entrySet().stream()
                        .map(probe -> probe.getKey().replaceFirst(".*/", "") + " " + probe.getValue())
                        .collect(Collectors.joining(", ")))
                .map(text -> text.isEmpty() ? "-" : text).collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String cell(SituationRun run, Kind kind) {
        return run.told().entrySet().stream().filter(one -> one.getKey().kind() == kind)
                .map(one -> one.getKey().words() + ": " + seconds(one.getValue())).collect(Collectors.joining("; "));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    private String text() {
        return HEAD + rows.stream().map(row -> row + "\n").collect(Collectors.joining());
    }

    /** Prints all rows; a table of fewer is no document. */
    void close(int expected) {
        System.out.println(text());
        if (System.getProperty("regenerate") != null && rows.size() == expected) {
            write();
        }
    }

    private void write() {
        try {
            Files.writeString(Path.of("docs", "situations.md"),
                    Files.readString(Path.of("src", "test", "resources", "drill", "situations-head.md")) + "\n" + text()
                            + "\nMade by `mvn -Pdrill verify -Dregenerate` on: %d processors, %s %s, Java %s, %s.\n".formatted(
                                    Runtime.getRuntime().availableProcessors(), System.getProperty("os.name"),
                                    System.getProperty("os.arch"), System.getProperty("java.version"), LocalDate.now()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
