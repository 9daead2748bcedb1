package io.certcourier.local;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** The lines that the local run prints: short, aligned, for people. */
final class Terminal {

    private final PrintStream out;

    Terminal(PrintStream out) {
        this.out = out;
    }

    void title(String text) {
        line("");
        line(text);
        line("");
    }

    /** A part that is up. */
    void up(String part, String where, Duration took) {
        line("  %-11s %-36s %6s".formatted(part, where, seconds(took)));
    }

    /** A step of a renewal. */
    void step(Duration elapsed, String what, String detail) {
        line("  %8s  %-11s %s".formatted(seconds(elapsed), what, detail).stripTrailing());
    }

    void fact(String name, String value) {
        line("  %-11s %s".formatted(name, value));
    }

    void indented(String text) {
        text.lines().forEach(each -> line("    " + each));
    }

    synchronized void line(String text) {
        out.println(text);
        out.flush();
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
    }
}
