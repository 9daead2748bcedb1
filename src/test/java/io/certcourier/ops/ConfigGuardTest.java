package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.certcourier.renewal.RenewalConfig;
import io.certcourier.scm.ScmConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

class ConfigGuardTest {

    private static void check(Map<String, String> settings) {
        SmallRyeConfig config = new SmallRyeConfigBuilder().withMapping(RenewalConfig.class).withMapping(ScmConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(settings, "test", 100)).build();
        ConfigGuard.checkLease(config.getConfigMapping(RenewalConfig.class), config.getConfigMapping(ScmConfig.class));
    }

    @Test
    void the_defaults_fit_each_other() {
        assertThatCode(() -> check(Map.of())).doesNotThrowAnyException();
    }

    @Test
    void a_lease_of_three_calls_is_just_enough() {
        assertThatCode(() -> check(Map.of("certcourier.renewal.lease", "45s", "certcourier.scm.call-deadline", "15s")))
                .doesNotThrowAnyException();
    }

    @Test
    void a_lease_that_calls_could_outlast_stops_the_boot_and_names_both_keys() {
        assertThatThrownBy(() -> check(Map.of("certcourier.scm.call-deadline", "20001ms")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("certcourier.renewal.lease", "certcourier.scm.call-deadline");
    }

    @Test
    void only_environment_variables_that_no_key_reads_are_told() {
        var keys = ConfigKeys.of(List.of(RenewalConfig.class, ScmConfig.class));
        var environment = Map.of("CERTCOURIER_RENEWAL_POLL", "2s", "CERTCOURIER_RENEWL_POLL", "2s", "PATH", "/bin",
                "CERTCOURIER_SCM_ACCOUNTS_PROD_CN_ACCESS_KEY", "a", "CERTCOURIER_SCM_ACCOUNTS_PROD_ACESS_KEY", "b");

        var unread = ConfigGuard.unread(environment, keys);

        assertThat(unread).containsExactly("CERTCOURIER_RENEWL_POLL", "CERTCOURIER_SCM_ACCOUNTS_PROD_ACESS_KEY");
    }

    @Test
    void somebody_is_let_in_and_in_one_way_only() {
        assertThatCode(() -> ConfigGuard.checkCallers(true, false)).doesNotThrowAnyException();
        assertThatCode(() -> ConfigGuard.checkCallers(false, true)).doesNotThrowAnyException();
        assertThatThrownBy(() -> ConfigGuard.checkCallers(false, false)).hasMessageContaining("quarkus.oidc.tenant-enabled");
        assertThatThrownBy(() -> ConfigGuard.checkCallers(true, true)).hasMessageContaining("certcourier.ops.allow-anonymous");
    }
}
