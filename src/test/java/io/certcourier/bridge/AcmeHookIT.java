package io.certcourier.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.certificate.Target;
import io.certcourier.certificate.TestCa;
import io.certcourier.contract.SchemaFiles;
import io.certcourier.intake.ReadEvent;
import io.certcourier.intake.Recipient;
import io.certcourier.leak.LeakSearch;

/** The hook with real openssl, jq and jose; what it would send is kept by a stand-in for kcat. */
class AcmeHookIT {

    private static final String NAME = "www.example.com";
    private static final TestCa CA = TestCa.create();
    private static final IssuedCertificate CERTIFICATE = CA.issue(NAME);
    private static final Recipient RECIPIENT = new Recipient("2026-11");
    private static final String PASSWORD = "kafka-password-of-this-producer";

    @TempDir
    private Path folder;
    @TempDir
    private Path toolFolder;
    private WatchedTools tools;
    private AcmeHook hook;

    @BeforeAll
    static void needs_its_tools() {
        AcmeHook.assumeTools();
    }

    @BeforeEach
    void install() {
        tools = new WatchedTools(toolFolder);
        hook = AcmeHook.in(folder, RECIPIENT, "bootstrap.servers=localhost:9\nsasl.password=" + PASSWORD + "\n")
                .withEnvironment("PATH", tools.path());
    }

    private ReadEvent sent() throws IOException {
        return ReadEvent.of(hook.recipientKeys(), Files.readAllBytes(tools.sent()), "application/cloudevents+json");
    }

    @Test
    void the_service_reads_what_it_sends() throws IOException {
        var result = hook.emit(NAME, CERTIFICATE);

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(hook.spooled()).isEmpty();
        var event = sent();
        assertThat(event.certificateName()).isEqualTo(NAME);
        assertThat(event.source()).isEqualTo(AcmeHook.SOURCE);
        assertThat(event.id()).isEqualTo(NAME + ":" + event.fingerprintSha256());
        assertThat(event.privateKeyPem()).isEqualTo(CERTIFICATE.traditionalKeyPem().strip());
        assertThat(event.targets()).as("of the route").containsExactly(Target.parse("CDN"));
        assertThat(event.account()).isEqualTo("default");
        assertThat(event.requestedBy()).startsWith("hand@");
        assertThat(event.unknownFields()).isZero();
        var json = SchemaFiles.read(tools.sent());
        assertThat(SchemaFiles.ours().closedViolations("cert-renewed", json.path("data"))).isEmpty();
        assertThat(json.path("subject").asText()).isEqualTo(NAME);
        assertThat(json.path("dataclassification").asText()).isEqualTo("restricted");
        assertThat(Files.readString(tools.calls())).contains("kcat -P -F ", " -X acks=all ", " -k " + NAME + " ",
                "-H content-type=application/cloudevents+json ");
    }

    @Test
    void account_and_targets_are_those_of_its_settings() throws IOException {
        hook.with("account", "prod").with("targets", "CDN,ELB@cn-north-4");

        hook.emit(NAME, CERTIFICATE);

        assertThat(sent().account()).isEqualTo("prod");
        assertThat(sent().targets()).isEqualTo(Set.of(Target.parse("CDN"), Target.parse("ELB@cn-north-4")));
    }

    @Test
    void no_key_certificate_or_password_is_in_any_argument_environment_or_file() throws IOException {
        tools.brokersAreAway();
        var search = new LeakSearch().key(NAME, CERTIFICATE.keyPem()).mark("BEGIN EC PRIVATE KEY").text("password", PASSWORD);

        hook.emit(NAME, CERTIFICATE);
        hook.flush();
        var jwe = SchemaFiles.read(hook.spooled().get(0)).at("/data/privateKeyJwe").asText();

        assertThat(jwe).startsWith("eyJ");
        assertThat(Files.readString(tools.calls())).contains("jose jwe enc", "openssl pkey", "jq -cjn", "kcat -P", "mv -f")
                .doesNotContain(CERTIFICATE.leafPem().lines().toList().get(1), jwe, jwe.substring(jwe.length() - 40));
        assertThat(search.inFile(tools.calls())).isEmpty();
        assertThat(search.inFile(tools.environments())).isEmpty();
        assertThat(hook.spooled()).hasSize(1);
        assertThat(search.inFolder(hook.spool(), file -> false)).isEmpty();
        assertThat(search.inFolder(folder, file -> !file.endsWith("privkey.pem"))).as("the search finds what is there")
                .isNotEmpty();
    }

    @Test
    void an_event_that_cannot_be_sent_is_kept_for_its_owner_only_until_a_flush_sends_it() throws IOException {
        tools.brokersAreAway();

        var result = hook.emit(NAME, CERTIFICATE);

        assertThat(result.exitCode()).isEqualTo(75);
        assertThat(result.output()).contains("All broker connections are down", "--flush sends it");
        assertThat(Files.getPosixFilePermissions(hook.spool())).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(hook.spooled()).hasSize(1).allSatisfy(file -> assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------")));
        byte[] kept = Files.readAllBytes(hook.spooled().get(0));

        assertThat(hook.flush().exitCode()).as("brokers still away").isEqualTo(75);
        assertThat(hook.spooled()).hasSize(1);

        tools.brokersAnswer();
        assertThat(hook.flush().exitCode()).isZero();
        assertThat(hook.spooled()).isEmpty();
        assertThat(Files.readAllBytes(tools.sent())).isEqualTo(kept);
    }

    @Test
    void the_same_certificate_again_is_the_same_renewal_and_waits_once() throws IOException {
        tools.brokersAreAway();
        hook.emit(NAME, CERTIFICATE);
        byte[] first = Files.readAllBytes(hook.spooled().get(0));

        hook.emit(NAME, CERTIFICATE);

        assertThat(hook.spooled()).hasSize(1);
        assertThat(hook.spooled().get(0)).content(UTF_8).as("another JWE").isNotEqualTo(new String(first, UTF_8));
        tools.brokersAnswer();
        hook.flush();
        assertThat(sent().renewalId())
                .isEqualTo(ReadEvent.of(hook.recipientKeys(), first, "application/cloudevents+json").renewalId());
    }

    @Test
    void another_certificate_or_the_wish_to_send_it_again_is_another_renewal() throws IOException {
        hook.emit(NAME, CERTIFICATE);
        var first = sent();
        hook.emit(NAME, CA.issue(NAME));
        var renewed = sent();

        hook.emit(NAME, CERTIFICATE, "--again");

        assertThat(renewed.renewalId()).isNotEqualTo(first.renewalId());
        assertThat(sent().renewalId()).isNotEqualTo(first.renewalId());
        assertThat(sent().id()).matches(first.id().replace(".", "\\.") + ":[0-9]{10}");
    }

    @Test
    void a_name_as_long_as_the_schema_allows_has_an_id_that_the_service_takes() throws IOException {
        var longName = "x".repeat(253);

        var result = hook.emit(longName, CERTIFICATE, "--again");

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(sent().certificateName()).isEqualTo(longName);
    }

    @Test
    void every_client_is_known_by_what_it_sets() throws IOException {
        String cert = hook.fullChain(CERTIFICATE);
        String key = hook.key(CERTIFICATE);
        Files.createDirectory(folder.resolve(NAME));
        hook.write(NAME + "/fullchain.pem", CERTIFICATE.fullChainPem());
        hook.write(NAME + "/privkey.pem", CERTIFICATE.keyPem());
        var clients = Map.of(
                "certbot", Map.of("RENEWED_LINEAGE", folder.resolve(NAME).toString(), "RENEWED_DOMAINS", NAME),
                "lego", Map.of("LEGO_CERT_DOMAIN", NAME, "LEGO_CERT_PATH", cert, "LEGO_CERT_KEY_PATH", key),
                "lego 5", Map.of("LEGO_HOOK_CERT_NAME", NAME, "LEGO_HOOK_CERT_PATH", cert, "LEGO_HOOK_CERT_KEY_PATH", key),
                "acme.sh", Map.of("Le_Domain", NAME, "CERT_FULLCHAIN_PATH", cert, "CERT_KEY_PATH", key));

        for (var client : clients.entrySet()) {
            var result = hook.call(client.getValue());

            assertThat(result.exitCode()).as(client.getKey() + ": " + result.output()).isZero();
            assertThat(sent().certificateName()).isEqualTo(NAME);
            assertThat(sent().requestedBy()).startsWith(client.getKey().replace(" 5", "") + "@");
        }
    }

    @Test
    void a_set_of_recipient_keys_counts_by_its_first() throws IOException {
        var older = new Recipient("2026-05");
        hook.write("recipient.jwk", "{\"keys\":[" + RECIPIENT.publicJwk() + "," + older.publicJwk() + "]}");

        hook.emit(NAME, CERTIFICATE);

        assertThat(sent().privateKeyPem()).isEqualTo(CERTIFICATE.traditionalKeyPem().strip());
    }

    @Test
    void an_event_nobody_can_send_holds_up_no_other() throws IOException {
        tools.brokersAreAway();
        hook.emit(NAME, CERTIFICATE);
        hook.write("spool/0.json", "{\"data\"");
        tools.brokersAnswer();

        var result = hook.flush();

        assertThat(result.exitCode()).isEqualTo(75);
        assertThat(result.output()).contains("0.json is no event");
        assertThat(hook.spooled()).containsExactly(hook.spool().resolve("0.json"));
        assertThat(sent().certificateName()).isEqualTo(NAME);
    }

    @Test
    void a_flush_with_nothing_to_send_is_content() {
        assertThat(hook.flush().exitCode()).isZero();
        assertThat(tools.calls()).content().doesNotContain("kcat");
    }

    @ParameterizedTest
    @CsvSource({ "leaf only, leave out --no-bundle", "key inside, holds a private key", "other key, does not belong",
            "passphrase, behind a passphrase", "no certificate, does not hold the leaf and its issuer",
            "missing, cannot be read" })
    void unusable_files_are_refused_before_anything_is_kept(String fault, String message) {
        String cert = switch (fault) {
            case "leaf only" -> CERTIFICATE.leafPem();
            case "key inside" -> CERTIFICATE.fullChainPem() + CERTIFICATE.keyPem();
            case "no certificate" -> "nothing";
            default -> CERTIFICATE.fullChainPem();
        };
        String key = switch (fault) {
            case "other key" -> CA.issue(NAME).keyPem();
            case "passphrase" -> CERTIFICATE.encryptedKeyPem();
            default -> CERTIFICATE.keyPem();
        };
        hook.write("cert.pem", cert);
        hook.write("key.pem", key);
        String keyFile = fault.equals("missing") ? "none.pem" : "key.pem";

        var result = hook.call(Map.of(), "--name", NAME, "--cert", folder.resolve("cert.pem").toString(), "--key",
                folder.resolve(keyFile).toString());

        assertThat(result.exitCode()).as(result.output()).isEqualTo(65);
        assertThat(result.output()).contains(message);
        assertThat(hook.spooled()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "with space", "", "-x", "umlaut-ä" })
    void a_name_the_schema_refuses_is_refused(String name) {
        var result = hook.emit(name, CERTIFICATE);

        assertThat(result.exitCode()).isIn(64, 65);
        assertThat(hook.spooled()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({ "targets, ELB@cn-north-4; WAF", "targets, cdn", "account, Prod", "source, two words", "topci, cert-renewed",
            "recipient-key, /nowhere", "kafka-config, /nowhere" })
    void a_wrong_setting_is_named(String key, String value) {
        hook.with(key, value);

        var result = hook.emit(NAME, CERTIFICATE);

        assertThat(result.exitCode()).as(result.output()).isEqualTo(78);
        assertThat(result.output()).contains(key.equals("topci") ? "emit.conf, line 5" : key + ": ");
        assertThat(hook.spooled()).isEmpty();
    }

    @Test
    void a_recipient_key_that_is_private_is_refused() {
        hook.write("recipient.jwk", RECIPIENT.privateJwk());

        var result = hook.emit(NAME, CERTIFICATE);

        assertThat(result.exitCode()).isEqualTo(78);
        assertThat(result.output()).contains("is no public JWK");
        assertThat(hook.spooled()).isEmpty();
    }

    @Test
    void a_spool_that_others_can_read_is_refused() throws IOException {
        Files.createDirectory(hook.spool());
        Files.setPosixFilePermissions(hook.spool(), PosixFilePermissions.fromString("rwxr-x---"));

        var result = hook.emit(NAME, CERTIFICATE);

        assertThat(result.exitCode()).isEqualTo(73);
        assertThat(hook.spooled()).isEmpty();
    }

    @Test
    void a_missing_tool_is_named() {
        tools.remove("jose");

        var result = hook.emit(NAME, CERTIFICATE);

        assertThat(result.exitCode()).isEqualTo(69);
        assertThat(result.output()).contains("jose is not installed");
    }

    @Test
    void a_call_by_nobody_it_knows_is_refused() {
        assertThat(hook.call(Map.of()).exitCode()).isEqualTo(64);
        assertThat(hook.call(Map.of(), "--flsh").exitCode()).isEqualTo(64);
        assertThat(hook.call(Map.of(), "--name").exitCode()).isEqualTo(64);
        assertThat(hook.call(Map.of(), "--name", NAME).exitCode()).isEqualTo(64);
        assertThat(hook.call(Map.of(), "--flush", "--again").exitCode()).isEqualTo(64);
    }
}
