package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Instant;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.vertx.core.json.JsonObject;

class ImportChecksTest {

    private static final TestCertificates CA = TestCertificates.CA;
    private static final TestCertificates.Issued GOOD = CA.issue("www.example.com", "example.com");

    private final Switches switches = new Switches();
    private final CertificateStore store = new CertificateStore();

    static Stream<Arguments> refused() {
        var nameless = CA.issue("O=Nobody", TestCertificates.newKey("EC", 256), TestCertificates.days(90));
        var malformed = CA.issue("CN=not a host name", TestCertificates.newKey("EC", 256), TestCertificates.days(90));
        var badAlternative = CA.issue("good.example", "bad-.example");
        var expired = CA.issue("CN=old.example", TestCertificates.newKey("EC", 256), TestCertificates.days(-1), "old.example");
        var garbage = "-----BEGIN CERTIFICATE-----\nMIIBexample+/=\n-----END CERTIFICATE-----";
        return Stream.of(arguments("name absent", without("name"), "SCM.0005"),
                arguments("certificate not a string", with("certificate", 7), "SCM.0005"),
                arguments("key absent", without("private_key"), "SCM.0005"),
                arguments("duplicate_check not a boolean", with("duplicate_check", "true"), "SCM.0005"),
                arguments("certificate over 4096", with("certificate", "x".repeat(4097)), "SCM.0005"),
                arguments("chain over 8192", with("certificate_chain", "x".repeat(8193)), "SCM.0005"),
                arguments("key over 4096", with("private_key", "x".repeat(4097)), "SCM.0005"),
                arguments("enterprise project", with("enterprise_project_id", "mine"), "SCM.0005"),
                arguments("name too short", with("name", "ab"), "SCM.0032"),
                arguments("name too long", with("name", "a".repeat(64)), "SCM.0032"),
                arguments("wildcard in name", with("name", "*.example.com"), "SCM.0032"),
                arguments("key empty", with("private_key", ""), "SCM.0059"),
                arguments("no BEGIN line", with("certificate", "hello"), "SCM.0053"),
                arguments("no END line", with("certificate", GOOD.certificate().replace("-----END CERTIFICATE-----", "")),
                        "SCM.0053"),
                arguments("no END line in chain", with("certificate_chain", "-----BEGIN CERTIFICATE-----"), "SCM.0053"),
                arguments("blank line between", with("certificate", GOOD.certificate() + "\n\n" + GOOD.chain()), "SCM.0053"),
                arguments("trailing space", with("certificate", GOOD.certificate().replaceFirst("\n", " \n")), "SCM.0053"),
                arguments("line break at the end", with("certificate", GOOD.certificate() + "\n"), "SCM.0053"),
                arguments("nothing between the lines",
                        with("certificate", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----"),
                        "SCM.0054"),
                arguments("key lines", with("private_key", GOOD.privateKey().replace("BEGIN PRIVATE", "BEGIN PUBLIC")),
                        "SCM.0114"),
                arguments("certificate in place of the key", with("private_key", GOOD.certificate()), "SCM.0114"),
                arguments("certificate unreadable", with("certificate", garbage), "SCM.0006"),
                arguments("chain unreadable", with("certificate_chain", garbage), "SCM.0013"),
                arguments("key unreadable", with("private_key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
                        "SCM.0012"),
                arguments("key encrypted",
                        with("private_key", GOOD.privateKey().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")),
                        "SCM.0012"),
                arguments("key encrypted the old way",
                        with("private_key",
                                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n"
                                        + "-----END RSA PRIVATE KEY-----"),
                        "SCM.0012"),
                arguments("SEC 1 key without any curve",
                        with("private_key", TestCertificates.traditionalPem(TestCertificates.newKey("EC", 256).getPrivate())),
                        "SCM.0012"),
                arguments("key of another certificate", with("private_key", CA.issue("other.example").privateKey()),
                        "SCM.0014"),
                arguments("key of another algorithm",
                        with("private_key",
                                TestCertificates.pem("PRIVATE KEY", TestCertificates.newKey("RSA", 2048).getPrivate())),
                        "SCM.0014"),
                arguments("a lone leaf", without("certificate_chain"), "SCM.0109"),
                arguments("chain of another issuer", with("certificate_chain", CA.rootPem()), "SCM.0079"),
                arguments("chain out of order", with("certificate_chain", CA.rootPem() + "\n" + CA.intermediatePem()),
                        "SCM.0079"),
                arguments("no domain", body(nameless), "SCM.0009"),
                arguments("common name no host", body(malformed), "SCM.0070"),
                arguments("alternative name no host", body(badAlternative), "SCM.0070"),
                arguments("expired", body(expired), "SCM.9002"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("refused")
    void import_is_refused_with_the_code_of_the_first_check_that_fails(String what, JsonObject body, String code) {
        assertThat(codeOf(body)).isEqualTo(code);
    }

    static Stream<Arguments> accepted() {
        var rsa = TestCertificates.newKey("RSA", 2048);
        var ofRsa = CA.issue("CN=rsa.example", rsa, TestCertificates.days(90), "rsa.example");
        var ec = TestCertificates.newKey("EC", 384);
        var ofEc = CA.issue("CN=ec.example", ec, TestCertificates.days(90), "ec.example");
        var ed = TestCertificates.newKey("Ed25519", 0);
        var parameters = "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n";
        return Stream.of(arguments("leaf and chain apart", body(GOOD)),
                arguments("leaf and chain in one field",
                        without("certificate_chain").put("certificate", GOOD.certificate() + "\n" + GOOD.chain())),
                arguments("chain field wins over the rest of the certificate field",
                        with("certificate", GOOD.certificate() + "\n" + CA.rootPem())),
                arguments("root at the end", with("certificate_chain", GOOD.chain() + "\n" + CA.rootPem())),
                arguments("CRLF", with("certificate", GOOD.certificate().replace("\n", "\r\n"))),
                arguments("PKCS#1 key", body(ofRsa).put("private_key", TestCertificates.traditionalPem(rsa.getPrivate()))),
                arguments("SEC 1 key", body(ofEc).put("private_key", TestCertificates.sec1Pem(ec.getPrivate()))),
                arguments("SEC 1 key with its public half", body(ofEc).put("private_key", TestCertificates.sec1Pem(ec))),
                arguments("SEC 1 key behind its parameters",
                        body(ofEc).put("private_key", parameters + TestCertificates.traditionalPem(ec.getPrivate()))),
                arguments("Ed25519", body(CA.issue("CN=ed.example", ed, TestCertificates.days(90), "ed.example"))),
                arguments("address as common name", body(CA.issue("CN=192.0.2.7", ec, TestCertificates.days(90)))),
                arguments("wildcard", body(CA.issue("*.example.com"))),
                arguments("no common name", body(CA.issue("O=Example", ec, TestCertificates.days(90), "san.example"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    void import_is_accepted(String what, JsonObject body) {
        assertThat(codeOf(body)).isEqualTo("accepted");
    }

    @Test
    void domain_is_the_common_name_and_else_the_first_alternative() {
        var key = TestCertificates.newKey("EC", 256);
        var named = check(body(CA.issue("CN=b.example", key, TestCertificates.days(9), "a.example", "b.example"))).leaf();
        var nameless = check(body(CA.issue("O=Example", key, TestCertificates.days(9), "a.example", "b.example"))).leaf();

        assertThat(named.domain()).isEqualTo("b.example");
        assertThat(named.names()).containsExactly("a.example");
        assertThat(nameless.domain()).isEqualTo("a.example");
        assertThat(nameless.names()).containsExactly("b.example");
    }

    @Test
    void no_refusal_and_no_pair_prints_key_material() {
        var pair = check(body(GOOD));

        assertThat(pair.toString()).doesNotContain("BEGIN").hasSizeLessThan(80);
    }

    private String codeOf(JsonObject body) {
        var refusal = catchThrowableOfType(Refusal.class, () -> check(body));
        return refusal == null ? "accepted" : refusal.code(switches);
    }

    private ImportedPair check(JsonObject body) {
        return new ImportChecks(switches).check(body, store, Instant.now());
    }

    private static JsonObject body(TestCertificates.Issued issued) {
        return EmulatorClient.importBody("web-0001", issued);
    }

    private static JsonObject with(String field, Object value) {
        return body(GOOD).put(field, value);
    }

    private static JsonObject without(String field) {
        var body = body(GOOD);
        body.remove(field);
        return body;
    }
}
