package io.certcourier.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A wrong setting stops the boot with a sentence that names the key, and tells no secret. */
@Execution(ExecutionMode.CONCURRENT)
class BadConfigurationIT {

    private static final Path FOLDER = Path.of("target", "flow-configuration");

    private static Platform platform;

    @BeforeAll
    static void start() {
        platform = Platform.start(FOLDER);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    /** What the process printed before it ended. */
    private static String bootWith(String key, String value) {
        Map<String, String> configuration = new HashMap<>(platform.configuration());
        configuration.put(key, value);
        if (value == null) {
            configuration.remove(key);
        }
        try (var service = ServiceProcess.start(FOLDER.resolve(key + ".log"), configuration)) {
            int exitCode = service.awaitExit(Duration.ofSeconds(120));
            assertThat(exitCode).isNotZero();
            assertThat(service.log())
                    .doesNotContain(configuration.getOrDefault("certcourier.scm.accounts.default.secret-key", "?"));
            return service.log();
        }
    }

    @Test
    void an_unknown_key() {
        assertThat(bootWith("certcourier.renewl.poll", "1s")).contains("certcourier.renewl.poll");
    }

    @Test
    void a_missing_secret() {
        assertThat(bootWith("certcourier.scm.accounts.default.secret-key", null))
                .contains("certcourier.scm.accounts.default.secret-key");
    }

    @Test
    void a_target_that_is_none() {
        assertThat(bootWith("certcourier.scm.accounts.default.targets", "ELB"))
                .contains("certcourier.scm.accounts.default.targets");
    }

    @Test
    void a_lease_shorter_than_three_call_deadlines() {
        assertThat(bootWith("certcourier.renewal.lease", "8s")).contains("certcourier.renewal.lease")
                .contains("certcourier.scm.call-deadline");
    }

    @Test
    void no_keyset_in_production() {
        assertThat(bootWith("certcourier.renewal.keyset", null)).contains("certcourier.renewal.keyset");
    }

    @Test
    void an_api_that_would_let_nobody_in() {
        assertThat(bootWith("certcourier.ops.allow-anonymous", null)).contains("quarkus.oidc.tenant-enabled")
                .contains("certcourier.ops.allow-anonymous");
    }

    @Test
    void a_budget_too_small_to_be_kept() {
        assertThat(bootWith("certcourier.scm.accounts.default.budget.import", "1"))
                .contains("certcourier.scm.accounts.default.budget.import");
    }

    @Test
    void a_duration_that_would_be_never() {
        assertThat(bootWith("certcourier.cert-manager.resync", "-1m")).contains("certcourier.cert-manager.resync");
    }

    @Test
    void a_duration_that_is_none() {
        assertThat(bootWith("certcourier.renewal.deadline", "soon")).contains("certcourier.renewal.deadline");
    }
}
