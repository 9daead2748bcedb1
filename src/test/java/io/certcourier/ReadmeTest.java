package io.certcourier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.certcourier.ops.DocumentedKeys;
import io.certcourier.ops.DocumentedKeys.DocumentedKey;
import io.certcourier.outcome.ReasonCode;

/**
 * What README.md names must exist. Its table of keys is written from the code: {@code mvn test -Dtest=ReadmeTest -Dregenerate}
 * after a change.
 */
class ReadmeTest {

    private static final Path FILE = Path.of("README.md");
    private static final Path PACKAGES = Path.of("src/main/java/io/certcourier");
    private static final Pattern KEYS = Pattern.compile("(<!-- keys: [^\n]*-->\n)(.*)(<!-- /keys -->)", Pattern.DOTALL);
    private static String readme;
    private static String pom;

    @BeforeAll
    static void read() throws IOException {
        readme = Files.readString(FILE);
        pom = Files.readString(Path.of("pom.xml"));
    }

    @Test
    void every_key_is_in_the_table_with_its_default_and_its_first_sentence() throws IOException {
        var table = KEYS.matcher(readme);
        assertThat(table.find()).isTrue();
        String written = readme.substring(0, table.start(2)) + keys() + readme.substring(table.end(2));
        if (System.getProperty("regenerate") != null) {
            Files.writeString(FILE, written);
        }

        assertThat(FILE).as("run with -Dregenerate").content().isEqualTo(written);
    }

    @Test
    void every_key_that_the_text_speaks_of_exists() {
        var names = DocumentedKeys.all().stream().map(DocumentedKey::name).toList();

        assertThat(all("`(certcourier\\.[a-z][a-z.<>0-9\\[\\]-]*[a-z])`")).isNotEmpty().isSubsetOf(names);
    }

    @Test
    void every_profile_and_option_of_a_command_is_in_the_pom() {
        assertThat(all("mvn [^\n`]*?-P([a-z]+)")).isNotEmpty()
                .allSatisfy(id -> assertThat(pom).contains("<id>" + id + "</id>"));
        assertThat(all("-D([a-z.]+)=")).contains("local.only", "file", "cert", "key", "port.http")
                .allSatisfy(option -> assertThat(pom).contains("${" + option + "}").containsPattern("<" + option + "[>/]"));
    }

    @Test
    void ports_are_those_of_the_local_run() {
        assertThat(all("-Dport\\.([a-z]+=[0-9]+)")).hasSize(5).allSatisfy(port -> assertThat(pom)
                .contains("<port." + port.replace("=", ">") + "<"));
    }

    @Test
    void links_lead_to_files_and_headings() {
        assertThat(all("\\]\\(([^)#]+)\\)")).isNotEmpty().allSatisfy(link -> assertThat(Path.of(link)).exists());
        var headings = all("(?m)^#+ (.*)$").stream().map(heading -> heading.toLowerCase().replace(' ', '-')).toList();
        assertThat(all("\\]\\(#([^)]+)\\)")).isNotEmpty().isSubsetOf(headings);
    }

    @Test
    void files_and_classes_that_it_names_exist() {
        assertThat(all("`((?:src|docs|deploy|schemas)/[^ `]*)`")).isNotEmpty()
                .allSatisfy(path -> assertThat(Path.of(path)).exists());
        assertThat(all("`([a-z]+/[A-Z][A-Za-z]+)`")).contains("renewal/RetryRule", "certificate/TargetService")
                .allSatisfy(type -> assertThat(PACKAGES.resolve(type + ".java")).exists());
    }

    @Test
    void all_packages_are_introduced() throws IOException {
        try (var folders = Files.list(PACKAGES)) {
            var packages = folders.filter(Files::isDirectory).map(folder -> folder.getFileName().toString()).toList();

            assertThat(packages).isNotEmpty().allSatisfy(name -> assertThat(readme).contains("`" + name + "`"));
        }
    }

    @Test
    void reason_codes_that_it_names_exist() {
        var codes = Arrays.stream(ReasonCode.values()).map(ReasonCode::name).toList();

        assertThat(all("`([A-Z]+(?:_[A-Z]+)+)`")).isNotEmpty().isSubsetOf(codes);
    }

    @Test
    void topics_are_those_of_the_contract() throws IOException {
        String contract = Files.readString(Path.of("schemas/asyncapi.yaml"));
        var topics = all("(?m)^    address: ([a-z-]+)$", contract);

        assertThat(all("`(cert-[a-z-]+)`")).isEqualTo(topics).hasSize(4);
        assertThat(all("(io\\.certcourier\\.[a-z.]+\\.v1)")).isNotEmpty()
                .allSatisfy(type -> assertThat(contract).contains(type));
    }

    @Test
    void metrics_that_it_names_exist() {
        assertThat(all("`(certcourier_[a-z_]+)`")).isNotEmpty()
                .allSatisfy(metric -> assertThat(Path.of("docs/metrics.md")).content().contains("`" + metric + "`"));
    }

    @Test
    void it_is_short_enough_to_be_read() {
        assertThat(readme.lines().filter(line -> !line.startsWith("| `certcourier."))).hasSizeLessThan(300);
    }

    private static String keys() {
        List<String> rows = DocumentedKeys.all().stream().map(key -> "| `%s` | %s | %s |\n".formatted(key.name(),
                key.fallback(), key.sentence().replaceFirst("(?<=\\.) .*", ""))).toList();
        return "| key | default | meaning |\n|---|---|---|\n" + String.join("", rows);
    }

    private static Set<String> all(String regex) {
        return all(regex, readme);
    }

    private static Set<String> all(String regex, String text) {
        return Pattern.compile(regex).matcher(text).results().map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
