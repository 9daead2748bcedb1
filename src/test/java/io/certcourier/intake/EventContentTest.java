package io.certcourier.intake;

import static io.certcourier.intake.EventBuilder.anEvent;
import static io.certcourier.intake.ReaderBuilder.aReader;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.certcourier.certificate.HostileCertificates;
import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.certificate.Target;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.renewal.RenewalRequest;

/** Events that pass envelope and schema: what policy, key and certificate make of them. */
class EventContentTest {

    @TempDir
    static Path directory;
    private static Path recipientKeys;

    @BeforeAll
    static void write_recipient_keys() {
        recipientKeys = EventBuilder.RECIPIENT.fileIn(directory);
    }

    @ParameterizedTest
    @CsvSource({
            "nosuch, CDN, true, ACCOUNT_UNKNOWN",
            "prod, , true, NO_TARGET",
            "prod, LIVE, true, TARGET_NOT_ALLOWED",
            "prod, CDN, true, PLAINTEXT_KEY_REFUSED",
            "prod, CDN, false, KEY_ENCRYPTION_UNSUPPORTED" })
    void policy_comes_before_the_key_and_the_key_before_the_certificate(String account, String service, boolean clearKey,
            ReasonCode expected) {
        // everything is wrong at once; the table rights one thing after the other
        var event = anEvent().with("account", account)
                .with("certificatePem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        event = service == null ? event.without("targets") : event.with("targets", List.of(Map.of("service", service)));
        event = clearKey ? event.without("privateKeyJwe").with("privateKeyPem", "-----BEGIN PRIVATE KEY-----")
                : event.with("privateKeyJwe", "e30.a.b.c.d");

        var request = request(aReader(recipientKeys).build().read(event.binary()));

        assertThat(request.rejection().code()).isEqualTo(expected);
        assertThat(request.bundle()).isNull();
    }

    @Test
    void a_rejected_renewal_has_the_same_content_hash_as_once_it_is_accepted() {
        var event = anEvent().binary();

        var rejected = request(new ReaderBuilder().build().read(event));
        var accepted = request(aReader(recipientKeys).build().read(event));

        assertThat(rejected.rejection().code()).isEqualTo(ReasonCode.ACCOUNT_UNKNOWN);
        assertThat(accepted.rejection()).isNull();
        assertThat(rejected.payloadHash()).isEqualTo(accepted.payloadHash());
        accepted.bundle().close();
    }

    @Test
    void a_shuffled_chain_is_accepted() {
        var intermediates = EventBuilder.CA.intermediates();
        String shuffled = IssuedCertificate.pem(intermediates.get(1)) + IssuedCertificate.pem(intermediates.get(0));

        var request = request(aReader(recipientKeys).build().read(anEvent().with("chainPem", shuffled).binary()));

        assertThat(request.rejection()).isNull();
        request.bundle().close();
    }

    @Test
    void the_key_of_another_certificate_is_a_mismatch() {
        String other = EventBuilder.RECIPIENT.encrypt(EventBuilder.CA.issue("www.example.com").keyPem());

        var request = request(aReader(recipientKeys).build().read(anEvent().with("privateKeyJwe", other).binary()));

        assertThat(request.rejection().code()).isEqualTo(ReasonCode.KEY_MISMATCH);
    }

    @Test
    void an_expired_certificate_is_rejected() {
        var expired = EventBuilder.CA.leaf("www.example.com").expired().issue();
        var event = anEvent().with("certificatePem", expired.leafPem()).with("privateKeyJwe",
                EventBuilder.RECIPIENT.encrypt(expired.keyPem()));

        var request = request(aReader(recipientKeys).build().read(event.binary()));

        assertThat(request.rejection().code()).isEqualTo(ReasonCode.CERT_EXPIRED);
    }

    @Test
    void the_fingerprint_in_the_event_must_be_the_leafs() {
        var reader = aReader(recipientKeys).build();
        String right = LeafGlance.at(EventBuilder.LEAF.leafPem()).fingerprint();

        var good = request(reader.read(anEvent().with("fingerprintSha256", right.toUpperCase(Locale.ROOT)).binary()));
        var bad = request(reader.read(anEvent().with("fingerprintSha256", "0".repeat(64)).binary()));

        assertThat(good.rejection()).isNull();
        assertThat(bad.rejection().code()).isEqualTo(ReasonCode.FINGERPRINT_MISMATCH);
        good.bundle().close();
    }

    @Test
    void a_route_goes_by_the_dns_names_of_the_certificate() {
        var reader = aReader(recipientKeys).route("example.com", "prod", "WAF@cn-north-4").build();

        var request = request(reader.read(anEvent().without("account").without("targets").binary()));

        assertThat(request.rejection()).isNull();
        assertThat(request.account()).isEqualTo("prod");
        assertThat(request.targets()).containsExactly(Target.parse("WAF@cn-north-4"));
        request.bundle().close();
    }

    @Test
    void a_clear_key_is_taken_only_where_it_is_allowed() {
        var event = anEvent().without("privateKeyJwe").with("privateKeyPem", EventBuilder.LEAF.keyPem()).binary();

        var allowed = request(aReader(recipientKeys).acceptingPlaintextKeys().build().read(event));
        var refused = request(aReader(recipientKeys).build().read(event));

        assertThat(allowed.rejection()).isNull();
        assertThat(refused.rejection().code()).isEqualTo(ReasonCode.PLAINTEXT_KEY_REFUSED);
        allowed.bundle().close();
    }

    @Test
    void a_clear_key_that_was_on_no_wire_needs_no_permission_and_is_not_counted() {
        var event = anEvent().without("privateKeyJwe").with("privateKeyPem", EventBuilder.LEAF.keyPem()).structured();
        var found = new IncomingRecord(Place.found("cert-manager"), event.timestamp(), List.of(), event.value(), null);

        var reading = (Reading.Event) aReader(recipientKeys).build().read(found);

        assertThat(reading.request().rejection()).isNull();
        assertThat(reading.plaintextKey()).isFalse();
        assertThat(reading.request().origin().channel()).isEqualTo("kubernetes");
        assertThat(reading.request().origin().topic()).isNull();
        reading.close();
    }

    @Test
    void a_bug_while_reading_is_a_refusal_too() {
        var reader = new EventReader(new ReaderBuilder(), new RecipientKeys(Optional.empty()), account -> {
            throw new IllegalStateException("SECRETMARKER");
        }, InstantSource.fixed(EventBuilder.NOW));

        var reading = reader.read(anEvent().binary());

        assertThat(reading).isInstanceOfSatisfying(Reading.Refusal.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ReasonCode.BUG);
            assertThat(refusal.detail()).isEqualTo(ReasonCode.BUG.meaning());
            assertThat(refusal.certificateName()).isEqualTo("shop/www.example.com");
        });
    }

    @Test
    void a_certificate_nested_as_deep_as_a_stack_is_refused_and_harms_nobody() {
        var request = request(aReader(recipientKeys).build()
                .read(anEvent().with("certificatePem", HostileCertificates.nestedBer()).binary()));

        assertThat(request.rejection().code()).isEqualTo(ReasonCode.CERT_UNPARSABLE);
    }

    @Test
    void a_parser_that_overflows_the_stack_is_a_bug_and_no_end_of_the_channel() {
        var reader = new EventReader(new ReaderBuilder(), new RecipientKeys(Optional.empty()), account -> {
            throw new StackOverflowError();
        }, InstantSource.fixed(EventBuilder.NOW));

        assertThat(reader.read(anEvent().binary())).isInstanceOfSatisfying(Reading.Refusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(ReasonCode.BUG));
    }

    private static RenewalRequest request(Reading reading) {
        assertThat(reading).as(() -> reading instanceof Reading.Refusal refusal ? refusal.code() + " " + refusal.detail() : "")
                .isInstanceOf(Reading.Event.class);
        return ((Reading.Event) reading).request();
    }
}
