package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The image of docker-compose's profile acme, and what it starts. */
class AcmeDemoTest {

    private static final Path FOLDER = Path.of("deploy/bridges/acme");
    private static final Path SCRIPT = FOLDER.resolve("acme-demo.sh");

    private String image;

    @BeforeEach
    void read() throws IOException {
        image = Files.readString(FOLDER.resolve("Dockerfile"));
    }

    private static List<String> words(String regex, String text) {
        var found = Pattern.compile(regex, Pattern.MULTILINE).matcher(text);
        assertThat(found.find()).as(regex).isTrue();
        return List.of(found.group(1).strip().split(" +"));
    }

    @Test
    void image_has_what_the_hook_and_the_script_call() throws IOException {
        var packages = words("apt-get install -y --no-install-recommends ([a-z ]+)", image);

        assertThat(packages).contains("certbot", "pebble")
                .containsAll(words("69  a tool is missing: ([a-z, ]+)$",
                        Files.readString(FOLDER.resolve("cert-renewed-emit.sh"))).stream().map(tool -> tool.replace(",", ""))
                        .toList());
    }

    @Test
    void image_is_pinned_runs_without_root_rights_and_copies_what_is_there() {
        assertThat(image).containsPattern("(?m)^FROM debian:[0-9]+\\.[0-9]+-slim$").containsPattern("(?m)^USER 10001:10001$")
                .endsWith("ENTRYPOINT [\"/usr/local/lib/certcourier/acme-demo.sh\"]\n");
        assertThat(words("^COPY (.*) /usr/local/lib/certcourier/$", image)).hasSize(2)
                .allSatisfy(file -> assertThat(FOLDER.resolve(file)).isExecutable());
    }

    @Test
    void script_called_wrongly_says_how() throws Exception {
        var result = Tool.run(Map.of(), List.of(SCRIPT.toString(), "lego"));

        assertThat(result.exitCode()).isEqualTo(64);
        assertThat(result.output()).contains("ca or certbot DOMAIN, not \"lego\"");
    }
}
