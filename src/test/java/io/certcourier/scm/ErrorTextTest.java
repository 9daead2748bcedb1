package io.certcourier.scm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class ErrorTextTest {

    private static ErrorText text(int status, String code, String message) {
        byte[] body = ScmJson.write(Map.of("error_code", code, "error_msg", message));
        return ErrorText.of(new ScmReply(status, body, null, Optional.empty(), Optional.empty()));
    }

    @Test
    void control_characters_become_one_space() {
        assertThat(text(400, "SCM.0201", "a\r\n\tb\u0000\u202ec\u2028d").message()).isEqualTo("a b c d");
    }

    @Test
    void a_long_text_is_cut_between_characters() {
        String message = text(400, "SCM.0201", "😀 ".repeat(300) + "end").message();

        assertThat(message).hasSizeBetween(510, 512).doesNotContain("end");
        assertThat(message.codePoints().allMatch(point -> point == 0x1F600 || point == ' ')).isTrue();
    }

    @Test
    void a_refused_signature_keeps_only_known_words() {
        ErrorText text = text(401, "APIGW.0301", "Incorrect IAM authentication information: verify aksk signature fail, "
                + "canonicalRequest:GET|/v3|x-security-token:" + Scm.TOKEN + "|ak:" + Scm.ACCESS_KEY);

        assertThat(text.message()).isEqualTo("verify aksk signature fail");
        assertThat(text.toString()).doesNotContain(Scm.TOKEN).doesNotContain(Scm.ACCESS_KEY);
    }

    @Test
    void an_unknown_text_of_the_gateway_about_authentication_is_dropped() {
        assertThat(text(401, "APIGW.0305", "bad " + Scm.TOKEN).message()).isNull();
        assertThat(text(401, "SOME.0001", "bad " + Scm.TOKEN).message()).isNull();
        assertThat(text(400, "APIG.0301", "bad " + Scm.TOKEN).message()).isNull();
    }

    @Test
    void scms_own_text_about_permissions_is_kept() {
        assertThat(text(401, "SCM.4002", "no permission for scm:cert:push").message())
                .isEqualTo("no permission for scm:cert:push");
    }

    @Test
    void keys_and_certificates_that_come_back_are_removed() {
        String key = Scm.KEY_PEM.replaceAll("-----[A-Z ]*-----|\n", "");

        assertThat(text(400, "SCM.0012", "bad key " + Scm.KEY_PEM).message()).isEqualTo("bad key ***");
        assertThat(text(400, "SCM.0012", "bad key " + key + key).message()).isEqualTo("bad key ***");
    }

    @Test
    void an_odd_code_is_none() {
        assertThat(text(400, "<script>", "x").code()).isNull();
        assertThat(text(400, "A".repeat(65), "x").code()).isNull();
        assertThat(text(400, "XYZ.1", "x").code()).isEqualTo("XYZ.1");
    }

    @Test
    void what_is_no_json_object_says_nothing() {
        for (String body : new String[] { "", "null", "[]", "\"text\"", "<html>", "{\"error_code\":" }) {
            ErrorText text = ErrorText.of(new ScmReply(502, body.getBytes(UTF_8), null, Optional.empty(), Optional.empty()));

            assertThat(text).isEqualTo(new ErrorText(null, null, null, null));
        }
    }
}
