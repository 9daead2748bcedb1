package io.certcourier.intake;

import static io.certcourier.outcome.ReasonCode.KEY_DECRYPT_FAILED;
import static io.certcourier.outcome.ReasonCode.KEY_ENCRYPTION_UNKNOWN_KID;
import static io.certcourier.outcome.ReasonCode.KEY_ENCRYPTION_UNSUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

import org.jose4j.keys.AesKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.certcourier.outcome.ReasonCode;

class KeyEnvelopeTest {

    private final Recipient recipient = new Recipient("2026-11");
    private KeyEnvelope envelope;

    @BeforeEach
    void load(@TempDir Path directory) {
        envelope = new KeyEnvelope(new RecipientKeys(Optional.of(recipient.fileIn(directory))));
    }

    @Test
    void gives_back_what_was_put_in_byte_for_byte() {
        String pem = EventBuilder.LEAF.keyPem();

        try (var secret = envelope.open(recipient.encrypt(pem))) {
            assertThat(secret.reveal()).isEqualTo(pem.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @CsvSource({ "ECDH-ES+A128KW, A256GCM", "ECDH-ES+A256KW, A128GCM", "ECDH-ES+A256KW, A256CBC-HS512", "ECDH-ES, A256GCM" })
    void other_algorithms_are_unsupported(String alg, String enc) {
        refuses(Recipient.encrypt("x", alg, enc, "2026-11", recipient.publicKey()), KEY_ENCRYPTION_UNSUPPORTED);
    }

    @Test
    void a_shared_key_is_unsupported() {
        refuses(Recipient.encrypt("x", "dir", "A256GCM", "2026-11", new AesKey(new byte[32])), KEY_ENCRYPTION_UNSUPPORTED);
    }

    @Test
    void compression_is_unsupported() {
        refuses(withHeader("{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\",\"kid\":\"2026-11\",\"zip\":\"DEF\"}"),
                KEY_ENCRYPTION_UNSUPPORTED);
    }

    @Test
    void a_kid_that_is_not_loaded_is_unknown() {
        refuses(new Recipient("2025-01").encrypt("x"), KEY_ENCRYPTION_UNKNOWN_KID);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", ",\"kid\":7", ",\"kid\":null", ",\"kid\":{}" })
    void a_missing_or_odd_kid_is_unknown(String kid) {
        refuses(withHeader("{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\"" + kid + "}"), KEY_ENCRYPTION_UNKNOWN_KID);
    }

    @Test
    void what_was_encrypted_to_another_key_does_not_open() {
        refuses(new Recipient("2026-11").encrypt("x"), KEY_DECRYPT_FAILED);
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 3, 4 })
    void a_changed_part_does_not_open(int part) {
        String[] parts = recipient.encrypt("some key").split("\\.");
        parts[part] = (parts[part].charAt(0) == 'A' ? 'B' : 'A') + parts[part].substring(1);

        refuses(String.join(".", parts), KEY_DECRYPT_FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = { "no json", "[]", "{\"alg\":7,\"enc\":\"A256GCM\"}", "null" })
    void a_header_that_makes_no_sense_cannot_be_read(String header) {
        refuses(withHeader(header), KEY_DECRYPT_FAILED);
    }

    @Test
    void an_ephemeral_key_off_the_curve_does_not_open() {
        refuses(withHeader("{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\",\"kid\":\"2026-11\","
                + "\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}}"), KEY_DECRYPT_FAILED);
    }

    @Test
    void without_recipient_keys_every_kid_is_unknown() {
        envelope = new KeyEnvelope(new RecipientKeys(Optional.empty()));

        refuses(recipient.encrypt("x"), KEY_ENCRYPTION_UNKNOWN_KID);
    }

    private void refuses(String jwe, ReasonCode code) {
        assertThatThrownBy(() -> envelope.open(jwe)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused).hasNoCause();
        });
    }

    private String withHeader(String header) {
        String jwe = recipient.encrypt("some key");
        return Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8))
                + jwe.substring(jwe.indexOf('.'));
    }
}
