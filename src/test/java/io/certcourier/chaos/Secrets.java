package io.certcourier.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.certcourier.chaos.Story.Sent;

/** I8: no line of a private key's base64 is in a log, a topic we write, or the database. */
final class Secrets {

    private static final int SHORTEST = 20;

    private Secrets() {
    }

    static List<Violation> leaks(Stage stage, List<Sent> sent) {
        var needles = sent.stream().flatMap(one -> needles((String) one.event().fields().get("privateKeyPem"))).toList();
        var violations = new ArrayList<Violation>();
        report(violations, needles, "the log", log());
        report(violations, needles, "a topic", topics(stage));
        for (var table : stage.flow().query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
            var text = new StringBuilder();
            stage.flow().query("SELECT t::text AS row FROM " + table.get("tablename") + " t")
                    .forEach(row -> text.append(row.get("row")).append('\n'));
            report(violations, needles, "table " + table.get("tablename"), text.toString());
        }
        return violations;
    }

    private static Stream<String> needles(String pem) {
        return pem.lines().filter(line -> !line.startsWith("-----") && line.length() >= SHORTEST);
    }

    private static void report(List<Violation> violations, List<String> needles, String place, String haystack) {
        if (needles.stream().anyMatch(haystack::contains)) {
            violations.add(Violation.wrong("I8", "a private key is in " + place));
        }
    }

    private static String log() {
        try {
            return Files.readString(Stage.FOLDER.resolve("service.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String topics(Stage stage) {
        var text = new StringBuilder();
        stage.flow().topics().all().forEach(
                message -> text.append(message.headers())
                        .append(message.value() == null ? "" : new String(message.value(), UTF_8)));
        return text.toString();
    }
}
