package io.certcourier.intake;

import static io.certcourier.outcome.ReasonCode.KEY_DECRYPT_FAILED;
import static io.certcourier.outcome.ReasonCode.KEY_ENCRYPTION_UNKNOWN_KID;
import static io.certcourier.outcome.ReasonCode.KEY_ENCRYPTION_UNSUPPORTED;
import static org.jose4j.jwa.AlgorithmConstraints.ConstraintType.PERMIT;
import static org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers.AES_256_GCM;
import static org.jose4j.jwe.KeyManagementAlgorithmIdentifiers.ECDH_ES_A256KW;

import java.security.PrivateKey;

import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.lang.JoseException;

import io.certcourier.certificate.SecretBytes;

/** Opens the JWE around a private key. One way of encryption only: every other one is a way to be attacked. */
final class KeyEnvelope {

    private final RecipientKeys recipients;

    KeyEnvelope(RecipientKeys recipients) {
        this.recipients = recipients;
    }

    /**
     * @param compact JWE, ECDH-ES+A256KW and A256GCM, kid of a recipient key
     * @return the bytes inside; the caller closes them
     * @throws Refused KEY_ENCRYPTION_UNSUPPORTED, KEY_ENCRYPTION_UNKNOWN_KID, KEY_DECRYPT_FAILED
     */
    SecretBytes open(String compact) {
        JsonWebEncryption jwe = parse(compact);
        PrivateKey key = recipients.find(kid(jwe)).orElseThrow(() -> new Refused(KEY_ENCRYPTION_UNKNOWN_KID,
                "The JWE of the key names no recipient key that is loaded."));
        jwe.setAlgorithmConstraints(new AlgorithmConstraints(PERMIT, ECDH_ES_A256KW));
        jwe.setContentEncryptionAlgorithmConstraints(new AlgorithmConstraints(PERMIT, AES_256_GCM));
        jwe.setKey(key);
        try {
            return SecretBytes.taking(jwe.getPlaintextBytes());
        } catch (JoseException | RuntimeException e) { // without the cause: its message may show parts of the JWE
            throw new Refused(KEY_DECRYPT_FAILED, "The JWE of the key does not open with the recipient key it names.");
        }
    }

    private static JsonWebEncryption parse(String compact) {
        var jwe = new JsonWebEncryption();
        boolean supported;
        try {
            jwe.setCompactSerialization(compact);
            supported = ECDH_ES_A256KW.equals(jwe.getAlgorithmHeaderValue())
                    && AES_256_GCM.equals(jwe.getEncryptionMethodHeaderParameter())
                    && jwe.getCompressionAlgorithmHeaderParameter() == null;
        } catch (JoseException | RuntimeException e) {
            throw new Refused(KEY_DECRYPT_FAILED, "The JWE of the key cannot be read.");
        }
        if (!supported) {
            throw new Refused(KEY_ENCRYPTION_UNSUPPORTED,
                    "The JWE of the key must use ECDH-ES+A256KW and A256GCM, without compression.");
        }
        return jwe;
    }

    private static String kid(JsonWebEncryption jwe) {
        try {
            return jwe.getKeyIdHeaderValue();
        } catch (RuntimeException e) {
            return null; // a kid that is no string
        }
    }
}
