package io.certcourier.intake;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.certcourier.deploy.Tool;
import io.certcourier.local.RecipientKeyCommand;

/** What producers have: Debian's jose, and keys made by OpenSSL. */
class JoseToolTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @BeforeEach
    void tools() {
        Tool.assumeInstalled("jose");
        Tool.assumeInstalled("openssl");
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private void run(String... command) throws Exception {
        var result = Tool.run(command);
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    /** A producer's part: encrypts the file to the public key as a compact JWE. */
    private String encrypted(Path plain, Path publicJwk) throws Exception {
        Path jwe = file("key.jwe");
        run("jose", "jwe", "enc", "-I", plain.toString(), "-k", publicJwk.toString(), "-i",
                "{\"protected\":{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\",\"kid\":\""
                        + JSON.readTree(Files.readString(publicJwk)).path("kid").textValue() + "\"}}",
                "-c", "-o", jwe.toString());
        return Files.readString(jwe).strip();
    }

    private static String opened(RecipientKeys keys, String jwe) {
        try (var key = new KeyEnvelope(keys).open(jwe)) {
            return new String(key.reveal(), US_ASCII);
        }
    }

    private Path newPrivateKey() throws Exception {
        Path key = file("site.key");
        run("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key.toString());
        return key;
    }

    @Test
    void jose_encrypts_to_the_published_half_of_a_key_that_our_command_made() throws Exception {
        Path set = file("recipient-keys.json");
        RecipientKeyCommand.add(set, "2026-10");
        RecipientKeyCommand.add(set, "2026-11");
        var keys = new RecipientKeys(Optional.of(set));
        assertThat(keys.published()).extracting(RecipientKeys.PublicJwk::kid).containsExactly("2026-10", "2026-11");
        Path key = newPrivateKey();

        for (var published : keys.published()) {
            Path publicJwk = Files.writeString(file("public.jwk"), JSON.writeValueAsString(published));

            assertThat(opened(keys, encrypted(key, publicJwk))).isEqualTo(Files.readString(key));
        }
    }

    @Test
    void a_recipient_key_made_by_jose_opens_what_jose_encrypts() throws Exception {
        Path jwk = file("private.jwk");
        Path publicJwk = file("public.jwk");
        run("jose", "jwk", "gen", "-i", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"by-jose\"}", "-o", jwk.toString());
        run("jose", "jwk", "pub", "-i", jwk.toString(), "-o", publicJwk.toString());
        Path set = Files.writeString(file("set.json"), "{\"keys\":[" + Files.readString(jwk) + "]}");
        Path key = newPrivateKey();

        assertThat(opened(new RecipientKeys(Optional.of(set)), encrypted(key, publicJwk))).isEqualTo(Files.readString(key));
    }

    @Test
    void a_recipient_key_made_by_openssl_opens_what_jose_encrypts() throws Exception {
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", file("ec.pem").toString());
        run("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", file("ec.pem").toString(), "-outform", "DER", "-out",
                file("ec.der").toString());
        run("openssl", "pkey", "-in", file("ec.pem").toString(), "-pubout", "-outform", "DER", "-out",
                file("ec.pub").toString());
        var factory = KeyFactory.getInstance("EC");
        var jwk = new EllipticCurveJsonWebKey(
                (ECPublicKey) factory.generatePublic(new X509EncodedKeySpec(Files.readAllBytes(file("ec.pub")))));
        jwk.setPrivateKey((ECPrivateKey) factory.generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(file("ec.der")))));
        jwk.setKeyId("by-openssl");
        Path set = Files.writeString(file("set.json"),
                "{\"keys\":[" + jwk.toJson(OutputControlLevel.INCLUDE_PRIVATE) + "]}");
        Path publicJwk = Files.writeString(file("public.jwk"), jwk.toJson(OutputControlLevel.PUBLIC_ONLY));
        Path key = newPrivateKey();

        assertThat(opened(new RecipientKeys(Optional.of(set)), encrypted(key, publicJwk))).isEqualTo(Files.readString(key));
    }
}
