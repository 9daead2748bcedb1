package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.LogRecord;

import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsFilterTest {

    private static final String JWE = "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyJ9.Zm9vYmFyZm9v.aXZpdml2.Y2lwaGVydGV4dA.dGFn";

    private final SecretsFilter filter = new SecretsFilter();

    private static String text(LogRecord line) {
        return new PatternFormatter("%s").format(line);
    }

    private ExtLogRecord written(String message, ExtLogRecord.FormatStyle style, Throwable thrown, Object... parameters) {
        var line = new ExtLogRecord(Level.WARNING, message, style, SecretsFilterTest.class.getName());
        line.setParameters(parameters);
        line.setThrown(thrown);
        assertThat(filter.isLoggable(line)).as("a line is withheld, not dropped").isTrue();
        return line;
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "-----BEGIN PRIVATE KEY-----\nMIIE",
            "-----BEGIN RSA PRIVATE KEY-----",
            "cannot read {\"privateKeyPem\":\"x\"}",
            "cannot read {\"privateKeyJwe\" : \"" + JWE + "\"}",
            "body " + JWE,
            "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcGVyYXRvciJ9.c2lnbmF0dXJlLW9mLXRva2Vu",
            "Authorization: SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=00",
            "X-Security-Token: gQpjbi1ub3J0aC00imSrSxXMkhsoGw",
            "securitytoken=gQpjbi1ub3J0aC00imSrSxXMkhsoGw",
            "certcourier.scm.accounts.prod.secret-key=SKfragile0NotASecret0For0Local"
    })
    void what_looks_like_a_secret_is_withheld(String text) {
        assertThat(text(written(text, ExtLogRecord.FormatStyle.NO_FORMAT, null)))
                .isEqualTo(SecretsFilter.INSTEAD);
        assertThat(text(written("seen: %s", ExtLogRecord.FormatStyle.PRINTF, null, text)))
                .isEqualTo(SecretsFilter.INSTEAD);
    }

    @Test
    void an_exception_goes_with_its_whole_chain() {
        var thrown = new IllegalStateException("outer", new IOException("inner", null));
        thrown.getCause().addSuppressed(new IOException("-----BEGIN EC PRIVATE KEY-----"));

        ExtLogRecord line = written("failed", ExtLogRecord.FormatStyle.NO_FORMAT, thrown);

        assertThat(line.getThrown()).isNull();
        assertThat(text(line)).isEqualTo(SecretsFilter.INSTEAD);
    }

    @Test
    void causes_that_go_round_end() {
        var first = new IllegalStateException("first");
        first.initCause(new IllegalStateException("second", first));

        assertThat(written("failed", ExtLogRecord.FormatStyle.NO_FORMAT, first).getThrown()).isSameAs(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "renewal ended: renewalId=51f1e73e-9c86-8278-8d89-9e3627eb109f certificateName=www.example.com outcome=SUCCEEDED",
            "certcourier.scm.accounts.default.secret-key: nothing is set",
            "KEY_DECRYPT_FAILED at /privateKeyJwe",
            "privateKeyPem is not allowed: certcourier.intake.allow-plaintext-keys is false",
            "fingerprint 3f6b1f2a9d8c7b6a5f4e3d2c1b0a99887766554433221100ffeeddccbbaa9988",
            "Keyset read again: primary=2861568430 keys=[2997268611, 2861568430]"
    })
    void what_operators_need_is_written(String text) {
        assertThat(text(written(text, ExtLogRecord.FormatStyle.NO_FORMAT, null))).isEqualTo(text);
    }

    @Test
    void a_record_of_plain_java_logging_is_caught_too() {
        var line = new LogRecord(Level.INFO, "key {0}");
        line.setParameters(new Object[] { "-----BEGIN PRIVATE KEY-----" });

        filter.isLoggable(line);

        assertThat(line.getMessage()).isEqualTo(SecretsFilter.INSTEAD);
        assertThat(line.getParameters()).isNull();
    }

    @Test
    void the_console_is_told_to_use_it() {
        assertThat(ConfigProvider.getConfig().getValue("quarkus.log.console.filter", String.class))
                .isEqualTo(SecretsFilter.NAME);
    }
}
