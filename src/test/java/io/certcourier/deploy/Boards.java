package io.certcourier.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The Grafana dashboards in deploy/monitoring/grafana. */
public final class Boards {

    private static final Path FOLDER = Path.of("deploy/monitoring/grafana");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NOT_A_NAME = Pattern.compile("\\{[^}]*}|\\[[^\\]]*]|\"[^\"]*\""
            + "|\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)|\\b[0-9][0-9.e]*[a-z]*");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\w)(?!\\s*\\()");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    private Boards() {
    }

    static List<Path> files() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }

    static JsonNode read(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }

    /** Rows are not among them. */
    static List<JsonNode> panels(JsonNode board) {
        var panels = new ArrayList<JsonNode>();
        board.get("panels").forEach(panel -> {
            if (!panel.path("type").asText().equals("row")) {
                panels.add(panel);
            }
        });
        return panels;
    }

    /** As Prometheus gets them: Grafana's variables have become values. */
    static List<String> expressions(JsonNode board) {
        var expressions = new ArrayList<String>();
        panels(board).forEach(panel -> panel.path("targets").forEach(target -> expressions.add(target.path("expr").asText()
                .replace("$__rate_interval", "5m").replace("$__range", "1h").replaceAll("\\$\\{?\\w+}?", ".*"))));
        board.at("/templating/list").forEach(variable -> {
            var values = Pattern.compile("label_values\\((\\w+),").matcher(variable.path("query").path("query").asText());
            if (values.find()) {
                expressions.add(values.group(1));
            }
        });
        return expressions;
    }

    /** Every series that some panel, or a choice at the top, asks for. */
    public static Set<String> series() throws IOException {
        var names = new TreeSet<String>();
        for (var file : files()) {
            expressions(read(file)).forEach(expression -> names.addAll(names(expression)));
        }
        return names;
    }

    static Set<String> names(String expression) {
        var names = new TreeSet<String>();
        NAME.matcher(NOT_A_NAME.matcher(expression).replaceAll(" ")).results().map(match -> match.group())
                .filter(name -> !WORDS.contains(name)).forEach(names::add);
        return names;
    }
}
