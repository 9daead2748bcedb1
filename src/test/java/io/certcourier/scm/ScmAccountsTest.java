package io.certcourier.scm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.NoSuchElementException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.certcourier.certificate.Target;
import io.smallrye.config.ConfigValidationException;

class ScmAccountsTest {

    @Test
    void an_account_is_known_by_name_and_allows_its_targets() {
        ScmAccounts accounts = Scm.aConfig().accounts();

        assertThat(accounts.names()).containsExactly("prod");
        assertThat(accounts.allowedTargets("prod")).containsExactlyInAnyOrder(Target.parse("CDN"),
                Target.parse("ELB@cn-north-4"),
                Target.parse("WAF@cn-north-4"));
        assertThatThrownBy(() -> accounts.allowedTargets("other")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void defaults_are_the_documented_ones() {
        ScmConfig config = Scm.aConfig().config();

        assertThat(config.callDeadline()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.push()).isEqualTo(ScmConfig.PushMode.AUTO);
        assertThat(config.lookWindow()).isEqualTo(Duration.ofMillis(300));
        assertThat(config.lookPages()).isEqualTo(3);
        assertThat(config.offset()).isEqualTo(ScmConfig.OffsetMode.AUTO);
    }

    @Test
    void a_budget_is_600_unless_set() {
        ScmAccounts accounts = Scm.aConfig().withAccount("budget.batch-push", "30").accounts();

        assertThat(accounts.budgetPerMinute("prod", ScmOperation.BATCH_PUSH)).isEqualTo(30);
        assertThat(accounts.budgetPerMinute("prod", ScmOperation.IMPORT)).isEqualTo(600);
    }

    @ParameterizedTest
    @CsvSource({ "IMPORT,IMPORT", "LIST,LIST", "SHOW,SHOW", "PUSH,PUSH", "BATCH_PUSH,BATCH_PUSH" })
    void each_budget_can_be_set_from_the_environment(ScmOperation operation, String variable) {
        ScmAccounts accounts = Scm.aConfig().withVariable("CERTCOURIER_SCM_ACCOUNTS_PROD_BUDGET_" + variable, "30").accounts();

        assertThat(ScmOperation.values()).allSatisfy(each -> assertThat(accounts.budgetPerMinute("prod", each))
                .isEqualTo(each == operation ? 30 : 600));
    }

    @Test
    void an_account_can_be_given_by_the_environment_alone() {
        ScmAccounts accounts = Scm.aConfig().withVariable("CERTCOURIER_SCM_ACCOUNTS_STAGE_ENDPOINT", "https://scm.example.com")
                .withVariable("CERTCOURIER_SCM_ACCOUNTS_STAGE_ACCESS_KEY", "a")
                .withVariable("CERTCOURIER_SCM_ACCOUNTS_STAGE_SECRET_KEY", "s")
                .withVariable("CERTCOURIER_SCM_ACCOUNTS_STAGE_TARGETS", "CDN")
                .withVariable("CERTCOURIER_SCM_ACCOUNTS_STAGE_BUDGET_BATCH_PUSH", "30").accounts();

        assertThat(accounts.names()).containsExactly("prod", "stage");
        assertThat(accounts.budgetPerMinute("stage", ScmOperation.BATCH_PUSH)).isEqualTo(30);
    }

    @Test
    void a_budget_of_an_operation_that_does_not_exist_ends_the_start() {
        Scm wrong = Scm.aConfig().withAccount("budget.pushh", "7");

        assertThatThrownBy(wrong::accounts).isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("certcourier.scm.accounts.prod.budget.pushh");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "targets|ELB", "targets|CDN@cn-north-4", "targets|cdn", "targets|VPN@x",
            "endpoint|scm.cn-north-4.myhuaweicloud.com", "endpoint|ftp://scm.example.com",
            "endpoint|https://scm.example.com/v3",
            "endpoint|https://scm.example.com?x=1", "endpoint|https://user@scm.example.com", "endpoint|http://scm.example.com",
            "access-key|has blank", "secret-key|has blank", "security-token|has blank", "domain-id|x\u00e9", "project-id|a b",
            "enterprise-project-id|all" })
    void a_wrong_value_ends_the_start_with_its_key(String key, String value) {
        Scm wrong = Scm.aConfig().withAccount(key, value);

        assertThatThrownBy(wrong::accounts).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("certcourier.scm.accounts.prod." + key + ": ").hasMessageEndingWith(".")
                .hasMessageNotContaining(Scm.SECRET_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = { "Prod", "-prod", "prod_1", "a.b" })
    void an_account_name_is_plain(String name) {
        Scm wrong = Scm.aConfig().with("accounts.\"" + name + "\".endpoint", "https://scm.example.com")
                .with("accounts.\"" + name + "\".access-key", "a").with("accounts.\"" + name + "\".secret-key", "s")
                .with("accounts.\"" + name + "\".targets", "CDN");

        assertThatThrownBy(wrong::accounts).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(name);
    }

    @Test
    void an_account_without_targets_does_not_start() {
        Scm without = Scm.aConfig().withAccount("targets", "");

        assertThatThrownBy(without::accounts).isInstanceOfAny(ConfigValidationException.class, NoSuchElementException.class)
                .hasMessageContaining("certcourier.scm.accounts.prod.targets");
    }

    @ParameterizedTest
    @CsvSource({ "http://127.0.0.1:8088,false", "http://localhost:8088,false", "http://[::1]:8088,false",
            "http://emulator:8088,true", "https://scm.cn-north-4.myhuaweicloud.com/,false" })
    void clear_text_is_for_emulators(String endpoint, String plainHttp) {
        Scm config = Scm.aConfig().withAccount("endpoint", endpoint).withAccount("plain-http", plainHttp);

        assertThatNoException().isThrownBy(config::accounts);
    }

    @Test
    void the_digest_follows_endpoint_and_keys_and_shows_neither() {
        String digest = Scm.aConfig().accounts().credentialsDigest("prod");

        assertThat(digest).matches("[0-9a-f]{16}").isEqualTo(Scm.aConfig().accounts().credentialsDigest("prod"))
                .isEqualTo(Scm.aConfig().withAccount("security-token", "t").accounts().credentialsDigest("prod"));
        assertThat(Scm.aConfig().withAccount("endpoint", "https://other.example.com").accounts().credentialsDigest("prod"))
                .isNotEqualTo(digest);
        assertThat(Scm.aConfig().withAccount("access-key", "other").accounts().credentialsDigest("prod")).isNotEqualTo(digest);
        assertThat(Scm.aConfig().withAccount("secret-key", "other").accounts().credentialsDigest("prod")).isNotEqualTo(digest);
    }
}
