package io.certcourier.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/**
 * One way in which the service tells of a situation.
 *
 * @param words for the table
 * @param stays it tells of what has happened, so healing does not end it
 */
record Signal(Kind kind, String words, boolean stays, Predicate<Sight> told) {

    enum Kind {
        PROBE,
        METRIC,
        ALERT,
        API
    }

    private static final Path RULES = Path.of("deploy/monitoring/rules.yaml");

    static Signal probe(String path, String check) {
        return new Signal(Kind.PROBE, "`" + path.replaceFirst(".*/", "") + "`: " + check + " DOWN", false,
                sight -> !sight.answer(path).isUp() && sight.isDown(path, check));
    }

    static Signal metric(String words, Predicate<Sight> told) {
        return new Signal(Kind.METRIC, words, false, told);
    }

    static Signal counter(String words, Predicate<Sight> told) {
        return new Signal(Kind.METRIC, words, true, told);
    }

    static Signal api(String words, Predicate<Sight> told) {
        return new Signal(Kind.API, words, false, told);
    }

    static Signal history(String words, Predicate<Sight> told) {
        return new Signal(Kind.API, words, true, told);
    }

    /**
     * The condition of an alert, read from the gauges and counters of the one replica.
     *
     * @param condition a part of the rule's expression that {@code told} repeats: if the rule is changed, so must this be
     */
    static Signal alert(String name, String condition, Predicate<Sight> told) {
        var rule = rule(name);
        if (!rule.path("expr").asText().contains(condition)) {
            throw new IllegalStateException(name + " no longer asks " + condition);
        }
        String hold = rule.path("for").asText();
        return new Signal(Kind.ALERT, name + (hold.isEmpty() ? "" : " (its `for` adds " + hold + ")"),
                condition.contains("[") || rule.path("expr").asText().contains("increase("), told);
    }

    private static JsonNode rule(String name) {
        try {
            for (var rule : new YAMLMapper().readTree(RULES.toFile()).at("/groups/0/rules")) {
                if (rule.path("alert").asText().equals(name)) {
                    return rule;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("There is no alert " + name + ".");
    }
}
