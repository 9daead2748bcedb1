package io.certcourier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/**
 * Files stay small enough to be read whole. The figures are printed for reviews; only the largest file and the saga have a
 * limit.
 */
class SizeBudgetTest {

    private static final Path MAIN = Path.of("src/main/java");
    private static final int LARGEST = 290;
    private static final int SAGA = 150;

    private record Source(Path path, int lines) {
    }

    @Test
    void no_file_needs_more_than_three_screens() throws IOException {
        var sources = sources();

        var tooLong = sources.stream().filter(s -> s.lines > LARGEST).toList();

        System.out.printf("main files %d, lines %d, median %d, p90 %d, max %d%n", sources.size(),
                sources.stream().mapToInt(Source::lines).sum(),
                sources.get(sources.size() / 2).lines, sources.get(sources.size() * 9 / 10).lines,
                sources.get(sources.size() - 1).lines);
        assertThat(tooLong).isEmpty();
    }

    @Test
    void the_saga_is_one_page() throws IOException {
        var saga = sources().stream().filter(s -> s.path.endsWith("RenewalSaga.java")).findFirst().orElseThrow();

        assertThat(saga.lines).isLessThan(SAGA);
    }

    private static List<Source> sources() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.filter(f -> f.toString().endsWith(".java") && !f.endsWith("package-info.java"))
                    .map(SizeBudgetTest::measure).sorted((a, b) -> Integer.compare(a.lines, b.lines)).toList();
        }
    }

    private static Source measure(Path path) {
        try (Stream<String> lines = Files.lines(path)) {
            return new Source(path, (int) lines.count());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
