package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.ObjectMapper;

/** The dashboards: readable, valid, and one look each. What they ask for is looked up in a scrape by ScrapeIT. */
class BoardsTest {

    private static final int COLUMNS = 24;

    static Stream<Path> boards() throws IOException {
        return Boards.files().stream();
    }

    @Test
    void there_is_one_about_renewals_and_one_about_dependencies() throws IOException {
        var titles = new HashSet<String>();
        for (var file : Boards.files()) {
            titles.add(Boards.read(file).path("title").asText());
        }

        assertThat(titles).containsExactlyInAnyOrder("certcourier: Renewals", "certcourier: Dependencies");
    }

    @ParameterizedTest
    @MethodSource("boards")
    void every_panel_has_a_title_an_explanation_a_unit_and_an_expression(Path file) throws IOException {
        var board = Boards.read(file);

        assertThat(board.path("uid").asText()).isEqualTo("certcourier-" + file.getFileName().toString().replace(".json", ""));
        assertThat(Boards.panels(board)).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotEmpty();
            assertThat(panel.path("description").asText()).endsWith(".");
            assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotEmpty();
            assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
            assertThat(panel.path("targets")).isNotEmpty()
                    .allSatisfy(target -> assertThat(target.path("expr").asText()).isNotEmpty());
        });
        assertThat(Boards.panels(board)).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("boards")
    void no_panel_lies_on_another_one_or_beyond_the_edge(Path file) throws IOException {
        var taken = new HashSet<List<Integer>>();

        for (var panel : Boards.read(file).path("panels")) {
            var at = panel.path("gridPos");
            assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(COLUMNS);
            for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
                for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
                    assertThat(taken.add(List.of(x, y))).as("%s at %d, %d", panel.path("title"), x, y).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("boards")
    void promtool_takes_every_expression(Path file, @TempDir Path folder) throws Exception {
        Tool.assumeInstalled("promtool");
        var json = new ObjectMapper();
        var rules = json.createArrayNode();
        for (String expression : Boards.expressions(Boards.read(file))) {
            rules.addObject().put("record", "board:expression" + rules.size()).put("expr", expression);
        }
        var document = json.createObjectNode();
        document.putArray("groups").addObject().put("name", "board").set("rules", rules);
        Path ruleFile = Files.write(folder.resolve("rules.yaml"), json.writeValueAsBytes(document));

        var check = Tool.run("promtool", "check", "rules", ruleFile.toString());

        assertThat(check.exitCode()).as(check.output()).isZero();
    }

    @Test
    void the_names_in_an_expression_are_found() {
        assertThat(Boards
                .names("sum by (le, account) (rate(a_seconds_bucket{x=\"y z\"}[5m])) / on () group_left () max(b:c) > 1e3"))
                .containsExactly("a_seconds_bucket", "b:c");
        assertThat(Boards.names("histogram_quantile(0.95, sum by (le) (rate(d_bucket[1h]))) or time() - e offset 5m"))
                .containsExactly("d_bucket", "e");
    }
}
