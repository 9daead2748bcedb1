package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

/** The unit for a plain machine: known to systemd, closed, and set up by keys that the service reads. */
class SystemdTest {

    private static final Path UNIT = Path.of("deploy/systemd/certcourier.service");
    /** Exposure as systemd-analyze counts it, times ten: 13 of 100 is what a service with a network and a JIT needs. */
    private static final int EXPOSURE = 15;

    @Test
    void systemd_knows_every_setting() throws Exception {
        Tool.assumeInstalled("systemd-analyze");

        var result = Tool.run("systemd-analyze", "verify", UNIT.toString());

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).isEmpty();
    }

    @Test
    void systemd_tells_of_a_misspelt_setting() throws Exception {
        Tool.assumeInstalled("systemd-analyze");
        var misspelt = Files.createDirectories(Path.of("target/misspelt")).resolve("certcourier.service");
        Files.writeString(misspelt, Files.readString(UNIT).replace("ProtectSystem=", "ProtectSystm="));

        assertThat(Tool.run("systemd-analyze", "verify", misspelt.toString()).output()).contains("ProtectSystm");
    }

    @Test
    void service_may_do_little() throws Exception {
        Tool.assumeInstalled("systemd-analyze");

        var result = Tool.run("systemd-analyze", "security", "--offline=true", "--threshold=" + EXPOSURE, UNIT.toString());

        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    @Test
    void service_leaves_no_dump_and_has_time_to_finish_its_call() throws IOException {
        var unit = Files.readString(UNIT);

        assertThat(unit).contains("\nLimitCORE=0\n", "\nTimeoutStopSec=60\n", "\nSuccessExitStatus=143\n");
        assertThat(unit).contains("-XX:-HeapDumpOnOutOfMemoryError", "-XX:-CreateCoredumpOnCrash",
                "-XX:+DisableAttachMechanism",
                "-XX:+ExitOnOutOfMemoryError");
    }

    @Test
    void each_variable_of_the_sample_is_a_key_and_no_secret_stands_in_it() throws IOException {
        var variables = new TreeMap<String, String>();
        Files.readAllLines(Path.of("deploy/systemd/certcourier.env")).stream().filter(line -> !line.startsWith("#"))
                .map(line -> line.split("=", 2)).forEach(pair -> variables.put(pair[0], pair[1]));

        assertThat(variables.keySet()).hasSizeGreaterThan(5).allMatch(ConfigurationKeys::read);
        assertThat(variables.entrySet()).filteredOn(entry -> entry.getKey().matches(".*(PASSWORD|ACCESS_KEY|SECRET_KEY)"))
                .extracting(Map.Entry::getValue).isEqualTo(List.of("", "", ""));
    }
}
