package io.certcourier.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The tables and plots of a run: target/bench/benchmarks.md and report.html, and those in docs with -Dregenerate. */
final class Report {

    private final Results results;
    private final String machine;
    private Idle idle;
    private Outage outage;
    private Profile profile;
    private double startSeconds;

    Report(Results results, String machine) {
        this.results = results;
        this.machine = machine;
    }

    void startSeconds(double seconds) {
        startSeconds = seconds;
    }

    void idle(Idle measured) {
        idle = measured;
        System.out.println(measured);
    }

    void outage(Outage measured) {
        outage = measured;
        System.out.println(measured);
    }

    void profile(Profile read) {
        profile = read;
        System.out.println(read.tables());
    }

    /** @return what was written as text */
    String write(Duration took) {
        String made = "%s, %s; took %d min; %s of the machine was used by others (median over all runs). Command: `%s`"
                .formatted(
                        LocalDate.now(), machine, took.toMinutes(), percent(all(Run.FIGURES.get("others %"))), command());
        String text = Targets.table(results, idle, outage) + "\n" + made + "\n\n" + figures() + tables()
                + (profile == null ? "" : "\n### Where the CPU time goes, latency 1 ms\n\n" + profile.tables());
        write(Stage.FOLDER.resolve("results.md"), text);
        write(Stage.FOLDER.resolve("report.html"), html(made));
        if (System.getProperty("regenerate") != null) {
            var docs = Path.of("docs");
            write(docs.resolve("benchmarks.md"), resource("head.md") + "\n" + text + "\n" + resource("foot.md"));
            write(docs.resolve("benchmarks").resolve("report.html"), html(made));
        }
        return text;
    }

    private static String command() {
        var command = new StringBuilder("mvn -Pbench verify");
        String factors = System.getProperty("bench.factors", "all");
        command.append(factors.equals("all") ? "" : " -Dfactors=" + factors);
        command.append(Boolean.getBoolean("bench.short") ? " -Dshort" : "");
        for (String key : List.of("bench.backlog", "bench.rounds", "bench.rate")) {
            command.append(System.getProperty(key) == null ? "" : " -D" + key + "=" + System.getProperty(key));
        }
        return command.toString();
    }

    private static String resource(String name) {
        try {
            return Files.readString(Path.of("src", "test", "resources", "bench", name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Spread all(ToDoubleFunction<Run> figure) {
        return Spread.of(results.all().stream().map(Results.Entry::run).mapToDouble(figure));
    }

    private static String percent(Spread spread) {
        return String.format(Locale.ROOT, "%.0f %%", spread.median());
    }

    private String figures() {
        var text = new StringBuilder("Start-up: %s s until ready.".formatted(Spread.number(startSeconds)));
        for (Object single : new Object[] { idle, outage }) {
            text.append(single == null ? ""
                    : " " + Character.toUpperCase(single.toString().charAt(0)) + single.toString().substring(1) + ".");
        }
        return text.append("\n").toString();
    }

    private String tables() {
        var text = new StringBuilder();
        for (var factor : Factor.values()) {
            var firsts = results.firsts(factor).toList();
            if (!firsts.isEmpty()) {
                text.append("\n### ").append(factor.title()).append("\n\n").append(table(factor, firsts));
            }
        }
        return text.toString();
    }

    private String table(Factor factor, List<Run> firsts) {
        var names = Run.FIGURES.keySet();
        var text = new StringBuilder("| setup | contestant | n | " + String.join(" | ", names) + " |\n|---|---|--:|"
                + "--:|".repeat(names.size()) + "\n");
        for (var run : firsts) {
            text.append("| %s | %s | %d |".formatted(run.setup(), run.contestant(), run.renewals()));
            Run.FIGURES.values().forEach(figure -> text.append(" ")
                    .append(results.spread(factor, run.setup(), run.contestant(), figure)).append(" |"));
            text.append("\n");
        }
        return text.toString();
    }

    private String html(String made) {
        var text = new StringBuilder(
                "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>certcourier: benchmarks</title></head>\n"
                        + "<body style=\"font-family:sans-serif;max-width:760px;margin:2em auto\">\n<h1>Benchmarks</h1>\n<p>"
                        + Chart.escaped(made)
                        + "</p>\n<p>Bars are medians, lines go from the least to the most of all rounds.</p>\n");
        text.append(chart("Renewals per second by latency", Run::rate, run -> run.setup().latency() + " ms", Factor.LATENCY_1,
                Factor.CENTRE, Factor.LATENCY_300));
        text.append(chart("Calls per renewal by account size", Run::callsEach, Report::account, Factor.ACCOUNT));
        text.append(chart("CPU ms per renewal by account size", Run.FIGURES.get("CPU ms"), Report::account, Factor.ACCOUNT));
        text.append(chart("Calls per renewal by targets", Run::callsEach, run -> run.setup().targets() + " targets",
                Factor.TARGETS));
        text.append(chart("CPU ms per renewal by backlog", Run.FIGURES.get("CPU ms"),
                run -> "%,d renewals".formatted(run.setup().backlog()), Factor.BACKLOG));
        text.append(chart("Renewals per second by replicas", Run::rate, run -> run.setup().replicas() + " replicas",
                Factor.REPLICAS));
        text.append(chart("Calls per renewal, 5,000 in the account, 10 targets", Run::callsEach, run -> "", Factor.LARGE));
        return text.append("</body></html>\n").toString();
    }

    private static String account(Run run) {
        return "%,d in the account".formatted(run.setup().account());
    }

    private String chart(String title, ToDoubleFunction<Run> figure, java.util.function.Function<Run, String> group,
            Factor... factors) {
        var chart = new Chart(title);
        for (var factor : factors) {
            results.firsts(factor).forEach(run -> chart.add(group.apply(run), run.contestant(),
                    results.spread(factor, run.setup(), run.contestant(), figure)));
        }
        return results.all().stream().noneMatch(entry -> List.of(factors).contains(entry.factor())) ? "" : chart.svg();
    }
}
