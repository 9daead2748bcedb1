package io.certcourier.scm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.certcourier.certificate.SecretBytes;

class ImportBodyTest {

    @Test
    void is_the_json_that_a_library_would_write() {
        String odd = "a\"b\\c\r\n\td~ !";

        try (ImportBody body = new ImportBody("name", odd, odd + odd, SecretBytes.taking(odd.getBytes(UTF_8)), "0")) {
            assertThat(ScmJson.tree(body.bytes())).contains(ScmJson
                    .tree(ScmJson.write(Map.of("name", "name", "certificate", odd,
                            "certificate_chain", odd + odd, "private_key", odd, "enterprise_project_id", "0", "duplicate_check",
                            false)))
                    .orElseThrow());
        }
    }

    @Test
    void a_default_enterprise_project_is_left_out() {
        try (ImportBody body = new ImportBody("name", "leaf", "chain", Scm.aKey(), null)) {
            assertThat(new String(body.bytes(), UTF_8)).doesNotContain("enterprise_project_id");
        }
    }

    @Test
    void closing_leaves_zeros() {
        ImportBody body = new ImportBody("name", "leaf", "chain", Scm.aKey(), null);
        byte[] bytes = body.bytes();

        body.close();

        assertThat(bytes).containsOnly(0);
    }

    @Test
    void other_than_ascii_is_refused_without_repeating_it() {
        for (String odd : new String[] { "é", "\u0000", "\u007f" }) {
            assertThatThrownBy(
                    () -> new ImportBody("name", "leaf", "chain", SecretBytes.taking((Scm.KEY_PEM + odd).getBytes(UTF_8)),
                            null))
                    .isInstanceOf(IllegalArgumentException.class).hasMessage("name, certificates and key must be ASCII");
        }
    }
}
