package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationKeysTest {

    @ParameterizedTest
    @ValueSource(strings = { "CERTCOURIER_SCM_ACCOUNTS_DEFAULT_ENDPOINT", "CERTCOURIER_SCM_ACCOUNTS_PROD_CN_ACCESS_KEY",
            "CERTCOURIER_SCM_ACCOUNTS_PROD_BUDGET_BATCH_PUSH", "CERTCOURIER_INTAKE_ROUTES_0__MATCH",
            "CERTCOURIER_RENEWAL_BACKOFF_MAX", "KAFKA_BOOTSTRAP_SERVERS" })
    void variable_of_a_key_is_known(String variable) {
        assertThat(ConfigurationKeys.read(variable)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = { "CERTCOURIER_SCM_ACCOUNTS_ENDPOINT", "CERTCOURIER_SCM_ACCOUNTS_DEFAULT_ENDPIONT",
            "CERTCOURIER_RENEWL_POLL", "CERTCOURIER_PORT", "CERTCOURIER_SCM_ACCOUNTS_PROD_BUDGET_BATCH",
            "CERTCOURIER_INTAKE_ROUTES_X__MATCH", "QUARKUS_DATASOURCE_URL" })
    void misspelt_variable_is_not(String variable) {
        assertThat(ConfigurationKeys.read(variable)).isFalse();
    }
}
