package io.certcourier.deploy;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies beside the hook says the same as the hook. */
class AcmeBridgeTest {

    private static final Path FOLDER = Path.of("deploy/bridges/acme");
    private static final Path SCRIPT = FOLDER.resolve("cert-renewed-emit.sh");
    private static final String INSTALLED = "/usr/local/lib/certcourier/cert-renewed-emit.sh";

    private static TreeSet<String> all(String regex, String file) throws IOException {
        return Pattern.compile(regex, Pattern.MULTILINE).matcher(Files.readString(FOLDER.resolve(file))).results()
                .map(found -> found.group(1)).collect(toCollection(TreeSet::new));
    }

    @Test
    void the_sample_settings_are_all_there_are_with_their_defaults() throws IOException {
        var inScript = all("^  \\[([a-z-]+\\]=\\S*)$", "cert-renewed-emit.sh").stream()
                .map(setting -> setting.replace("]=", "=").replace("''", "")).collect(toCollection(TreeSet::new));

        assertThat(all("^([a-z-]+=.*)$", "emit.conf")).isEqualTo(inScript).hasSize(7);
    }

    @Test
    void the_exit_codes_of_script_and_document_are_the_same() throws IOException {
        assertThat(all("^\\| ([0-9]+) \\|", "README.md")).isEqualTo(all("^# +([0-9]+)  ", "cert-renewed-emit.sh")).hasSize(7);
        assertThat(all("[A-Z]=([67][0-9])\\b", "cert-renewed-emit.sh")).hasSize(6)
                .isSubsetOf(all("^\\| ([0-9]+) \\|", "README.md"));
    }

    @Test
    void the_document_installs_what_is_there() throws IOException {
        for (var file : all("\\b((?:cert-renewed-emit|certcourier-flush)\\.[a-z]+|emit\\.conf)\\b", "README.md")) {
            assertThat(FOLDER.resolve(file)).exists();
        }
        assertThat(Files.readString(FOLDER.resolve("README.md"))).contains(INSTALLED);
        assertThat(Files.readAllLines(FOLDER.resolve("README.md"))).as("one screen").hasSizeLessThan(60);
    }

    @Test
    void systemd_takes_the_units(@TempDir Path folder) throws Exception {
        Tool.assumeInstalled("systemd-analyze");
        String service = Files.readString(FOLDER.resolve("certcourier-flush.service"));
        assertThat(service).contains("ExecStart=" + INSTALLED + " --flush\n", "ReadWritePaths=-/var/spool/certcourier\n");
        Files.writeString(folder.resolve("certcourier-flush.service"),
                service.replace(INSTALLED, SCRIPT.toAbsolutePath().toString()));
        Files.copy(FOLDER.resolve("certcourier-flush.timer"), folder.resolve("certcourier-flush.timer"));

        var result = Tool.run(Map.of(), List.of("systemd-analyze", "verify", "--man=no",
                folder.resolve("certcourier-flush.service").toString(), folder.resolve("certcourier-flush.timer").toString()));

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).isEmpty();
    }
}
