package io.certcourier.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.certcourier.chaos.Violation.Kind;

/** The table of all cells: printed at the end of the run, and docs/reliability.md with -Dregenerate. */
final class Report {

    /**
     * @param flagged calls that a paused process made late
     * @param repetitions copies of outcomes and pushes beyond the first
     * @param recovery from the fault, or from its end where it lasts, to the last outcome; null if that never came
     */
    record Cell(String fault, int replicas, int renewals, List<Violation> violations, int flagged,
            long repetitions, Duration recovery) {

        private long count(Kind kind) {
            return violations.stream().filter(violation -> violation.kind() == kind).count();
        }
    }

    private static final String COMMAND = "mvn -Pchaos verify";

    private final Map<String, List<Cell>> cells = new LinkedHashMap<>();

    void add(Cell cell) {
        cells.computeIfAbsent(cell.fault + "|" + cell.replicas, key -> new ArrayList<>()).add(cell);
        System.out.println(line(List.of(cell)));
        write(Stage.FOLDER.resolve("table.md"), table());
    }

    private static void write(Path document, String text) {
        try {
            Files.writeString(document, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(List<Cell> runs) {
        var first = runs.get(0);
        var slowest = runs.stream().map(Cell::recovery).anyMatch(java.util.Objects::isNull) ? "never"
                : runs.stream().map(Cell::recovery).max(Duration::compareTo).map(Report::seconds).orElse("");
        return "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %s |".formatted(first.fault, first.replicas, runs.size(),
                runs.stream().mapToInt(Cell::renewals).sum(), sum(runs, Kind.LOST), sum(runs, Kind.DUPLICATED),
                sum(runs, Kind.WRONG), runs.stream().mapToInt(Cell::flagged).sum(),
                runs.stream().mapToLong(Cell::repetitions).sum(), slowest);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    private static long sum(List<Cell> runs, Kind kind) {
        return runs.stream().mapToLong(cell -> cell.count(kind)).sum();
    }

    private String table() {
        var text = new StringBuilder("""
                | fault | replicas | runs | renewals | lost | duplicated | wrong | late calls | repeated | recovery |
                |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """);
        cells.values().forEach(runs -> text.append(line(runs)).append('\n'));
        return text.toString();
    }

    private static String machine() {
        return "%d processors, %s %s, Java %s, %s".formatted(Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"), System.getProperty("os.arch"), System.getProperty("java.version"),
                java.time.LocalDate.now());
    }

    /** Prints the table, and writes the document if that is wanted. */
    void close() {
        System.out.println(table() + machine());
        if (System.getProperty("regenerate") != null) {
            write(Path.of("docs", "reliability.md"));
        }
    }

    private void write(Path document) {
        try {
            var head = Files.readString(Path.of("src", "test", "resources", "chaos", "reliability-head.md"));
            Files.writeString(document,
                    head + "\n" + table() + "\nMade by `" + COMMAND + " -Dregenerate` on: " + machine() + ".\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
