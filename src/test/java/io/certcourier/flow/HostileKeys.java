package io.certcourier.flow;

import static io.certcourier.flow.HostileRecord.event;
import static io.certcourier.flow.HostileRecord.good;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.jose4j.jwa.AlgorithmConstraints.NO_CONSTRAINTS;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.keys.AesKey;
import org.jose4j.keys.PbkdfKey;
import org.jose4j.lang.JoseException;

import io.certcourier.certificate.HostileCertificates;
import io.certcourier.intake.Recipient;

/** Private keys, in clear and as JWE, that are not what the certificate needs, or not for us to open. */
final class HostileKeys {

    private static final String UNSUPPORTED = "KEY_ENCRYPTION_UNSUPPORTED";
    private static final String CLOSED = "KEY_DECRYPT_FAILED";
    private static final String HEADER = "\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\",\"kid\":\"";

    private final Recipient recipient;
    private final String jwe;

    private HostileKeys(Recipient recipient) {
        this.recipient = recipient;
        this.jwe = recipient.encrypt(HostileRecord.leaf().keyPem());
    }

    static Stream<HostileRecord> all(Recipient recipient) {
        var keys = new HostileKeys(recipient);
        return Stream.of(keys.clear(), keys.algorithms(), keys.damaged(), keys.headers()).flatMap(List::stream);
    }

    private List<HostileRecord> clear() {
        var leaf = HostileRecord.leaf();
        var rsa = Flow.CA.leaf("www.example.com").rsa(2048).issue();
        var rsaEvent = TestEvent.of("hostile.example.com", rsa);
        var crt = (RSAPrivateCrtKey) rsa.keys().getPrivate();
        var ed25519 = HostileCertificates.block("PRIVATE KEY", generated("Ed25519"));
        return List.of(
                key("encrypted", "SCHEMA_VIOLATION", leaf.encryptedKeyPem()),
                key("encrypted in the old way", "KEY_UNPARSABLE", leaf.encryptedTraditionalKeyPem()),
                key("one bit off", "KEY_MISMATCH", HostileCertificates.oneBitOff(leaf.keys().getPrivate())),
                event("key: RSA, one bit off", "KEY_MISMATCH", fresh(rsaEvent.with("privateKeyPem",
                        HostileCertificates.oneBitOff(crt)))),
                event("key: RSA without primes", "KEY_MISMATCH", fresh(rsaEvent.with("privateKeyPem",
                        HostileCertificates.withoutPrimes(crt)))),
                key("of another certificate", "KEY_MISMATCH", Flow.CA.issue("www.example.com").keyPem()),
                key("RSA for EC", "KEY_MISMATCH", rsa.keyPem()),
                key("Ed25519", "KEY_TYPE_UNSUPPORTED", ed25519),
                key("twice", "KEY_UNPARSABLE", leaf.keyPem() + leaf.keyPem()),
                key("without its curve", "KEY_UNPARSABLE", leaf.keyWithoutCurvePem()),
                key("of zeros", "KEY_UNPARSABLE", HostileCertificates.block("PRIVATE KEY", new byte[2000])),
                key("larger than SCM takes", "CERT_TOO_LARGE", HostileCertificates.block("PRIVATE KEY", new byte[9000])),
                key("none", "SCHEMA_VIOLATION", "no key"),
                event("key: both carriers", "SCHEMA_VIOLATION", good().with("privateKeyJwe", jwe)),
                event("key: no carrier", "SCHEMA_VIOLATION", good().with("privateKeyPem", null)));
    }

    private List<HostileRecord> algorithms() {
        Key shared = new AesKey(new byte[32]);
        return List.of(
                sealed("dir", "SCHEMA_VIOLATION", Recipient.encrypt("x", "dir", "A256GCM", recipient.kid(), shared)),
                sealed("RSA-OAEP", UNSUPPORTED, Recipient.encrypt("x", "RSA-OAEP", "A256GCM", recipient.kid(),
                        Flow.CA.leaf("www.example.com").rsa(2048).issue().keys().getPublic())),
                sealed("RSA1_5", UNSUPPORTED, Recipient.encrypt("x", "RSA1_5", "A256GCM", recipient.kid(),
                        Flow.CA.leaf("www.example.com").rsa(2048).issue().keys().getPublic())),
                sealed("ECDH-ES", "SCHEMA_VIOLATION", encrypted("ECDH-ES", "A256GCM")),
                sealed("A128GCM", UNSUPPORTED, encrypted("ECDH-ES+A256KW", "A128GCM")),
                sealed("A256CBC-HS512", UNSUPPORTED, encrypted("ECDH-ES+A256KW", "A256CBC-HS512")),
                sealed("none", UNSUPPORTED, withHeader("{\"alg\":\"none\",\"enc\":\"A256GCM\"}")),
                sealed("a password and 2^31 rounds", UNSUPPORTED,
                        withHeader("{\"alg\":\"PBES2-HS512+A256KW\",\"p2c\":2147483647,"
                                + "\"p2s\":\"AAAAAAAAAAA\",\"enc\":\"A256GCM\",\"kid\":\"" + recipient.kid() + "\"}")),
                sealed("a password", UNSUPPORTED, Recipient.encrypt("x", "PBES2-HS256+A128KW", "A256GCM", recipient.kid(),
                        new PbkdfKey("a password"))),
                sealed("zip bomb", UNSUPPORTED, made(each -> {
                    each.setPayload("0".repeat(5_000_000));
                    each.enableDefaultCompression();
                })),
                sealed("critical header", CLOSED, made(each -> {
                    each.setHeader("exp", 1L);
                    each.setCriticalHeaderNames("exp");
                })),
                sealed("for another recipient", CLOSED, new Recipient(recipient.kid()).encrypt("x")),
                sealed("unknown kid", "KEY_ENCRYPTION_UNKNOWN_KID", new Recipient("nobody").encrypt("x")),
                sealed("a kid that climbs", "KEY_ENCRYPTION_UNKNOWN_KID", new Recipient("../../etc/passwd").encrypt("x")),
                sealed("something else inside", "KEY_UNPARSABLE", recipient.encrypt("hello")),
                sealed("an encrypted key inside", "KEY_UNPARSABLE",
                        recipient.encrypt(HostileRecord.leaf().encryptedKeyPem())),
                sealed("another key inside", "KEY_MISMATCH", recipient.encrypt(Flow.CA.issue("a.example.com").keyPem())),
                HostileRecord.harmless("sealed: good", "SUCCEEDED", sealedGood()));
    }

    private List<HostileRecord> damaged() {
        var records = new ArrayList<HostileRecord>();
        for (int part = 1; part < 5; part++) {
            String[] parts = jwe.split("\\.");
            parts[part] = (parts[part].charAt(0) == 'A' ? 'B' : 'A') + parts[part].substring(1);
            records.add(sealed("part " + part + " changed", CLOSED, String.join(".", parts)));
            parts[part] = "AA";
            records.add(sealed("part " + part + " nearly empty", CLOSED, String.join(".", parts)));
        }
        records.add(sealed("5 empty parts", "SCHEMA_VIOLATION", "...."));
        records.add(sealed("4 parts", "SCHEMA_VIOLATION", jwe.substring(0, jwe.lastIndexOf('.'))));
        records.add(sealed("6 parts", "SCHEMA_VIOLATION", jwe + ".AA"));
        records.add(sealed("an empty part", "SCHEMA_VIOLATION", jwe.replaceFirst("\\.[^.]+\\.", "..")));
        records.add(sealed("JSON form", "SCHEMA_VIOLATION", "{\"ciphertext\":\"AA\"}"));
        records.add(sealed("too long", "SCHEMA_VIOLATION", jwe + "A".repeat(25_000)));
        return records;
    }

    private List<HostileRecord> headers() {
        String good = HEADER + recipient.kid() + "\"";
        String point = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}";
        return List.of(
                sealed("header: no JSON", CLOSED, withHeader("hello")),
                sealed("header: a list", CLOSED, withHeader("[" + "[".repeat(9000))),
                sealed("header: deep", CLOSED, withHeader("{" + good + ",\"x\":" + "[".repeat(8000) + "]".repeat(8000) + "}")),
                sealed("header: a name twice", CLOSED, withHeader("{\"alg\":\"dir\"," + good + "}")),
                sealed("header: point off the curve", CLOSED, withHeader("{" + good + ",\"epk\":" + point + "}")),
                sealed("header: point of another curve", CLOSED,
                        withHeader("{" + good + ",\"epk\":" + point.replace("P-256", "P-521") + "}")),
                sealed("header: no point", CLOSED, withHeader("{" + good + "}")),
                sealed("header: kid as object", "KEY_ENCRYPTION_UNKNOWN_KID",
                        withHeader("{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\",\"kid\":{}}")),
                sealed("header: alg as list", CLOSED, withHeader("{\"alg\":[\"ECDH-ES+A256KW\"],\"enc\":\"A256GCM\"}")));
    }

    private HostileRecord key(String what, String expected, String pem) {
        return event("key: " + what, expected, good().with("privateKeyPem", pem));
    }

    private HostileRecord sealed(String what, String expected, String compact) {
        return event("sealed: " + what, expected, good().with("privateKeyPem", null).with("privateKeyJwe", compact));
    }

    private TestEvent sealedGood() {
        var event = TestEvent.fresh("sealed");
        String pem = (String) event.fields().get("privateKeyPem");
        return event.with("privateKeyPem", null).with("privateKeyJwe", recipient.encrypt(pem));
    }

    private static TestEvent fresh(TestEvent event) {
        return event.withId(UUID.randomUUID().toString());
    }

    private String encrypted(String alg, String enc) {
        return Recipient.encrypt("x", alg, enc, recipient.kid(), recipient.publicKey());
    }

    private String withHeader(String header) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(UTF_8))
                + jwe.substring(jwe.indexOf('.'));
    }

    private String made(Consumer<JsonWebEncryption> change) {
        var made = new JsonWebEncryption();
        made.setAlgorithmConstraints(NO_CONSTRAINTS);
        made.setPayload(HostileRecord.leaf().keyPem());
        made.setAlgorithmHeaderValue("ECDH-ES+A256KW");
        made.setEncryptionMethodHeaderParameter("A256GCM");
        made.setKeyIdHeaderValue(recipient.kid());
        made.setKey(recipient.publicKey());
        change.accept(made);
        try {
            return made.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] generated(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate().getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
