package io.certcourier.intake;

import static org.jose4j.jwa.AlgorithmConstraints.NO_CONSTRAINTS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;

import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** A recipient key, and what producers make with its public half. */
public final class Recipient {

    private final EllipticCurveJsonWebKey key;

    public Recipient(String kid) {
        try {
            key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId(kid);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    public String kid() {
        return key.getKeyId();
    }

    public Key publicKey() {
        return key.getPublicKey();
    }

    public String privateJwk() {
        return key.toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE);
    }

    /** What a producer pins to a file. */
    public String publicJwk() {
        return key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    public Path fileIn(Path directory) {
        try {
            return Files.writeString(directory.resolve("recipient-keys.json"), "{\"keys\":[" + privateJwk() + "]}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As bridges make it. */
    public String encrypt(String text) {
        return encrypt(text, "ECDH-ES+A256KW", "A256GCM", kid(), publicKey());
    }

    public static String encrypt(String text, String alg, String enc, String kid, Key key) {
        var jwe = new JsonWebEncryption();
        jwe.setAlgorithmConstraints(NO_CONSTRAINTS);
        jwe.setContentEncryptionAlgorithmConstraints(NO_CONSTRAINTS);
        jwe.setPayload(text);
        jwe.setAlgorithmHeaderValue(alg);
        jwe.setEncryptionMethodHeaderParameter(enc);
        jwe.setKeyIdHeaderValue(kid);
        jwe.setKey(key);
        try {
            return jwe.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
