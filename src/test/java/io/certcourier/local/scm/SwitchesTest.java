package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

/** The switches themselves and those of list, show and delete; see {@link ImportSwitchesTest} and {@link PushSwitchesTest}. */
class SwitchesTest {

    private static ScmEmulator emulator;
    private static EmulatorClient client;

    @BeforeAll
    static void start() {
        emulator = ScmEmulator.start(0);
        client = new EmulatorClient(emulator);
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @BeforeEach
    void reset() {
        emulator.reset();
    }

    @Test
    void every_switch_accepts_its_samples_and_starts_at_the_first() {
        for (var which : Switch.values()) {
            assertThat(emulator.switches().get(which)).isEqualTo(which.samples().get(0));
            which.samples().forEach(value -> emulator.switches().set(which, value));
            assertThat(which.samples()).as(which.label()).hasSizeGreaterThan(1).doesNotHaveDuplicates();
        }
        assertThat(Arrays.stream(Switch.values()).map(Switch::label)).hasSize(37).doesNotHaveDuplicates();
    }

    @Test
    void unknown_value_is_refused_in_a_sentence() {
        assertThatIllegalArgumentException().isThrownBy(() -> emulator.switches().set(Switch.OFFSET_MODE, "row"))
                .withMessage("Switch offset-mode has no value row; it takes index, page.");
        assertThatIllegalArgumentException().isThrownBy(() -> emulator.switches().set(Switch.EXPIRE_ZONE, "Mars/Olympus"));
        assertThatIllegalArgumentException().isThrownBy(() -> emulator.switches().set(Switch.RATE, "fast"));
    }

    @Test
    void offset_is_an_index_or_a_page_number() {
        importMany(12);

        assertThat(client.listedIds("offset=10")).hasSize(2);
        assertThat(client.listedIds("offset=1")).hasSize(10);
        turn(Switch.OFFSET_MODE, "page");
        assertThat(client.listedIds("offset=10")).isEmpty();
        assertThat(client.listedIds("offset=1")).hasSize(2);
    }

    @Test
    void lenient_list_takes_any_limit_and_offset() {
        turn(Switch.LIST_STRICT, "lenient");

        assertThat(client.list("limit=2&offset=500").status()).isEqualTo(200);
    }

    @Test
    void maximum_of_offset_is_100_or_30_or_none() {
        assertThat(client.list("offset=100").status()).isEqualTo(200);
        assertThat(client.list("offset=101").status()).isEqualTo(400);
        turn(Switch.OFFSET_MAX, "30");
        assertThat(client.list("offset=31").status()).isEqualTo(400);
        turn(Switch.OFFSET_MAX, "none");
        assertThat(client.list("offset=9999").status()).isEqualTo(200);
    }

    @Test
    void content_is_ignored_or_filters_by_name_and_domain() {
        var wanted = client.imported("wanted");
        client.imported("other");

        assertThat(client.listedIds("content=WANT")).hasSize(2);
        turn(Switch.LIST_CONTENT, "filter");
        assertThat(client.listedIds("content=WANT")).containsExactly(wanted);
        assertThat(client.listedIds("content=wanted.example")).containsExactly(wanted);
    }

    @Test
    void list_can_lag_behind_the_import() {
        turn(Switch.LIST_LAG, "60");
        var id = client.imported("web-0001");

        assertThat(client.listedIds("")).isEmpty();
        assertThat(client.list("").json().getInteger("total_count")).isZero();
        assertThat(client.show(id).status()).isEqualTo(200);
        emulator.clock().shift(Duration.ofSeconds(61));
        assertThat(client.listedIds("")).containsExactly(id);
    }

    @Test
    void sans_have_four_forms() {
        var id = client.importCertificate("web-0001", TestCertificates.CA.issue("a.example", "b.example", "c.example")).json()
                .getString("certificate_id");

        assertThat(shown(id).getString("sans")).isEqualTo("b.example;c.example");
        turn(Switch.SANS_FORM, "comma");
        assertThat(shown(id).getString("sans")).isEqualTo("b.example,c.example");
        turn(Switch.SANS_FORM, "semicolon-with-domain");
        assertThat(shown(id).getString("sans")).isEqualTo("a.example;b.example;c.example");
        turn(Switch.SANS_FORM, "comma-with-domain");
        assertThat(client.list("").json().getJsonArray("certificates").getJsonObject(0).getString("sans"))
                .isEqualTo("a.example,b.example,c.example");
    }

    @Test
    void dates_have_two_forms_and_any_zone() {
        var issued = TestCertificates.CA.issue("a.example");
        var id = client.importCertificate("web-0001", issued).json().getString("certificate_id");
        var plain = shown(id).getString("not_after");
        turn(Switch.EXPIRE_ZONE, "Asia/Shanghai");
        var inChina = shown(id).getString("not_after");
        turn(Switch.DATE_FORM, "iso-8601");

        assertThat(plain).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.0")
                .startsWith(issued.leaf().getNotAfter().toInstant().toString().substring(0, 10)).isNotEqualTo(inChina);
        assertThat(shown(id).getString("not_after")).endsWith("+08:00").startsWith(inChina.substring(0, 10) + "T");
    }

    @Test
    void unknown_id_has_three_answers() {
        assertThat(client.show("scs1").status()).isEqualTo(404);
        for (var code : new String[] { "SCM.0008", "SCM.0020" }) {
            turn(Switch.UNKNOWN_ID, code);
            assertThat(client.show("scs1").status()).isEqualTo(400);
            assertThat(client.show("scs1").errorCode()).isEqualTo(code);
        }
    }

    @Test
    void delete_can_answer_with_an_object_and_take_expired_uploads() {
        var first = client.imported("web-0001");
        var second = client.imported("web-0002");

        assertThat(client.delete(first).status()).isEqualTo(204);
        turn(Switch.DELETE_SUCCESS, "200-object");
        turn(Switch.DELETE_EXPIRED, "allow");
        emulator.clock().shift(Duration.ofDays(100));
        var deleted = client.delete(second);
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.body()).isEqualTo("{}");
    }

    @Test
    void fields_of_uploads_are_null_or_typical() {
        var id = client.imported("web-0001");

        assertThat(shown(id).getValue("brand")).isNull();
        assertThat(shown(id).containsKey("signature_algorithm")).isTrue();
        turn(Switch.UPLOAD_FIELDS, "typical");
        turn(Switch.SIGNATURE_SPELLING, "signature_algrithm");
        assertThat(shown(id).getString("brand")).isNotEmpty();
        assertThat(shown(id).getInteger("validity_period")).isEqualTo(12);
        assertThat(shown(id).getString("signature_algrithm")).isEqualTo("SHA256withECDSA");
        assertThat(shown(id).containsKey("signature_algorithm")).isFalse();
    }

    @Test
    void fingerprint_is_lower_hex_or_upper_with_colons() {
        var id = client.imported("web-0001");
        var plain = shown(id).getString("fingerprint");
        turn(Switch.FINGERPRINT_FORM, "upper-colon");

        assertThat(plain).matches("[0-9a-f]{40}");
        assertThat(shown(id).getString("fingerprint")).matches("([0-9A-F]{2}:){19}[0-9A-F]{2}")
                .satisfies(other -> assertThat(other.replace(":", "").toLowerCase(Locale.ROOT)).isEqualTo(plain));
    }

    private static void turn(Switch which, String value) {
        emulator.switches().set(which, value);
    }

    private static JsonObject shown(String id) {
        return client.show(id).json();
    }

    private static void importMany(int count) {
        var issued = TestCertificates.CA.issue("a.example");
        for (var at = 0; at < count; at++) {
            client.importCertificate("web-" + at, issued);
        }
    }
}
