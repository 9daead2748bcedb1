package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImportSwitchesTest {

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
    void absent_duplicate_check_allows_or_refuses() {
        var issued = TestCertificates.CA.issue("a.example");
        client.importCertificate("web-0001", issued);

        assertThat(client.importCertificate("web-0001", issued).status()).isEqualTo(200);
        turn(Switch.DUPLICATE_DEFAULT, "refuse");
        assertThat(client.importCertificate("web-0001", issued).errorCode()).isEqualTo("SCM.9001");
        assertThat(imported("web-0001", issued, true).status()).as("true means: may be uploaded again").isEqualTo(200);
        turn(Switch.DUPLICATE_DEFAULT, "allow");
        assertThat(imported("web-0001", issued, false).errorCode()).isEqualTo("SCM.9001");
    }

    @Test
    void refused_duplicate_has_any_code_and_status() {
        var issued = TestCertificates.CA.issue("a.example");
        client.importCertificate("web-0001", issued);
        turn(Switch.DUPLICATE_CODE, "SCM.0028/500");

        var refused = imported("web-0001", issued, false);

        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.errorCode()).isEqualTo("SCM.0028");
    }

    @Test
    void same_certificate_means_leaf_or_name_or_either() {
        var first = TestCertificates.CA.issue("a.example");
        var second = TestCertificates.CA.issue("a.example");
        client.importCertificate("name-1", first);

        assertThat(imported("name-1", second, false).status()).isEqualTo(200);
        assertThat(imported("name-2", first, false).status()).isEqualTo(400);
        turn(Switch.DUPLICATE_MATCH, "name");
        assertThat(imported("name-1", TestCertificates.CA.issue("a.example"), false).status()).isEqualTo(400);
        assertThat(imported("name-3", first, false).status()).isEqualTo(200);
        turn(Switch.DUPLICATE_MATCH, "leaf-or-name");
        assertThat(imported("name-1", TestCertificates.CA.issue("a.example"), false).status()).isEqualTo(400);
        assertThat(imported("name-4", first, false).status()).isEqualTo(400);
    }

    @Test
    void import_codes_and_limits_can_differ() {
        var key = TestCertificates.newKey("EC", 256);
        var expired = TestCertificates.CA.issue("CN=a.example", key, TestCertificates.days(-1));
        var unreadable = EmulatorClient.importBody("web-0001", expired).put("certificate",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");
        turn(Switch.EXPIRED_CODE, "SCM.0015");
        turn(Switch.PARSE_CODE, "0031");

        assertThat(client.importCertificate("web-0001", expired).errorCode()).isEqualTo("SCM.0015");
        assertThat(client.post("/v3/scm/certificates/import", unreadable).errorCode()).isEqualTo("SCM.0031");
    }

    @Test
    void size_limits_can_be_ignored() {
        var many = new String[150];
        Arrays.setAll(many, at -> "a-rather-long-name-" + at + ".example.com");
        var large = TestCertificates.CA.issue(many);

        assertThat(client.importCertificate("web-0001", large).errorCode()).isEqualTo("SCM.0005");
        turn(Switch.SIZE_LIMITS, "ignore");
        assertThat(client.importCertificate("web-0001", large).status()).isEqualTo(200);
    }

    @Test
    void weak_keys_and_missing_common_names_can_be_refused() {
        var ed25519 = TestCertificates.CA.issue("CN=a.example", TestCertificates.newKey("Ed25519", 0),
                TestCertificates.days(9));
        var p521 = TestCertificates.CA.issue("CN=a.example", TestCertificates.newKey("EC", 521), TestCertificates.days(9));
        var rsa1024 = TestCertificates.CA.issue("CN=a.example", TestCertificates.newKey("RSA", 1024), TestCertificates.days(9));
        var nameless = TestCertificates.CA.issue("O=A", TestCertificates.newKey("EC", 256), TestCertificates.days(9),
                "a.example");

        assertThat(client.importCertificate("weak-0001", p521).status()).isEqualTo(200);
        assertThat(client.importCertificate("weak-0002", rsa1024).status()).isEqualTo(200);
        turn(Switch.WEAK_KEYS, "refuse");
        turn(Switch.NO_COMMON_NAME, "refuse");
        assertThat(client.importCertificate("web-0001", ed25519).errorCode()).isEqualTo("SCM.0012");
        assertThat(client.importCertificate("web-0001", p521).errorCode()).isEqualTo("SCM.0012");
        assertThat(client.importCertificate("web-0001", rsa1024).errorCode()).isEqualTo("SCM.0012");
        assertThat(client.importCertificate("web-0001", nameless).errorCode()).isEqualTo("SCM.0009");
        assertThat(client.importCertificate("web-0001", TestCertificates.CA.issue("a.example")).status()).isEqualTo(200);
    }

    @Test
    void quota_of_uploads_can_be_used_up() {
        turn(Switch.QUOTA, "1");
        client.imported("web-0001");

        assertThat(client.importCertificate("web-0002", TestCertificates.CA.issue("a.example")).errorCode())
                .isEqualTo("SCM.9003");
    }

    @Test
    void import_can_succeed_with_201() {
        turn(Switch.IMPORT_SUCCESS, "201");

        var reply = client.importCertificate("web-0001", TestCertificates.CA.issue("a.example"));

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.json().getString("certificate_id")).startsWith("scs");
    }

    private static void turn(Switch which, String value) {
        emulator.switches().set(which, value);
    }

    private static EmulatorClient.Reply imported(String name, TestCertificates.Issued issued, boolean duplicateCheck) {
        return client.post("/v3/scm/certificates/import",
                EmulatorClient.importBody(name, issued).put("duplicate_check", duplicateCheck));
    }
}
