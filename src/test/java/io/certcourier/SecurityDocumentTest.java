package io.certcourier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

/** The threat model names a test for every guard; each of them exists. */
class SecurityDocumentTest {

    private static final Path FILE = Path.of("docs/security.md");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`");

    @Test
    void every_test_that_it_names_exists() throws IOException {
        var named = TEST.matcher(Files.readString(FILE)).results().map(match -> match.group(1)).collect(Collectors.toSet());
        try (var files = Files.walk(Path.of("src/test/java"))) {
            var existing = files.map(file -> file.getFileName().toString().replace(".java", "")).collect(Collectors.toSet());

            assertThat(named).hasSizeGreaterThan(20).isSubsetOf(existing);
        }
    }

    @Test
    void every_guard_names_what_shows_it() throws IOException {
        var guards = Files.readString(FILE).replaceAll("(?s).*\n## Guards\n(.*)\n## What remains.*", "$1").lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| threat")).toList();

        assertThat(guards).hasSizeGreaterThan(10).allSatisfy(line -> assertThat(line.split(" \\| ")).hasSize(3))
                .allSatisfy(line -> assertThat(line.split(" \\| ")[2]).containsPattern(TEST));
    }
}
