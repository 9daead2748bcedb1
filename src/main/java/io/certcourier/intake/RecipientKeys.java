package io.certcourier.intake;

import static org.jose4j.jwe.KeyManagementAlgorithmIdentifiers.ECDH_ES_A256KW;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.lang.JoseException;

import io.certcourier.certificate.FileVersion;
import io.quarkus.runtime.Startup;

/** The private keys that events are encrypted to, by kid. Follows the file, so that a rotation needs no restart. */
@Startup // so that unusable keys end the boot, not the first event
@Singleton
public final class RecipientKeys {

    private static final Logger LOG = Logger.getLogger(RecipientKeys.class);
    private static final String KEY = "certcourier.intake.recipient-keys";

    /** A public key that producers encrypt to, as RFC 7517 and 7518 spell it. */
    public record PublicJwk(String kty, String crv, String kid, String use, String alg, String x, String y) {

        private static PublicJwk of(EllipticCurveJsonWebKey key) {
            Map<String, Object> members = key.toParams(OutputControlLevel.PUBLIC_ONLY);
            return new PublicJwk(key.getKeyType(), key.getCurveName(), key.getKeyId(), "enc", ECDH_ES_A256KW,
                    (String) members.get("x"), (String) members.get("y"));
        }
    }

    private final Path file;
    private Optional<FileVersion> seen = Optional.empty();
    private Map<String, EllipticCurveJsonWebKey> keys = Map.of();

    @Inject
    RecipientKeys(IntakeConfig config) {
        this(config.recipientKeys());
    }

    /**
     * @param file JWK set; empty: no event with an encrypted key can be opened
     * @throws IllegalStateException it cannot be read or holds no usable key; the message names the configuration key
     */
    RecipientKeys(Optional<Path> file) {
        this.file = file.orElse(null);
        if (this.file != null) {
            try {
                seen = FileVersion.of(this.file);
                keys = read(this.file);
            } catch (IOException e) {
                throw new IllegalStateException(KEY + ": the file " + this.file + " cannot be read", e);
            }
        }
    }

    /** Empty if no key of that kid is loaded, or kid is null. */
    synchronized Optional<PrivateKey> find(String kid) {
        follow();
        return kid == null ? Optional.empty() : Optional.ofNullable(keys.get(kid)).map(EllipticCurveJsonWebKey::getPrivateKey);
    }

    /** The public halves of all keys that open events now, by kid; empty if there is none. */
    public synchronized List<PublicJwk> published() {
        follow();
        return keys.values().stream().map(PublicJwk::of).toList();
    }

    private void follow() {
        if (file == null) {
            return;
        }
        Optional<FileVersion> now = FileVersion.of(file);
        if (now.equals(seen)) {
            return;
        }
        seen = now; // before reading, so that a broken file is told of once
        try {
            keys = read(file);
            LOG.infof("Recipient keys read again: %s", keys.keySet());
        } catch (IOException | IllegalStateException e) {
            LOG.warnf("%s: the changed file is not usable, the keys read before stay in force", KEY);
        }
    }

    private static Map<String, EllipticCurveJsonWebKey> read(Path file) throws IOException {
        var found = new TreeMap<String, EllipticCurveJsonWebKey>();
        for (Object member : members(Files.readString(file))) {
            if (member instanceof Map<?, ?> jwk) {
                usable(jwk).ifPresent(key -> found.put(key.getKeyId(), key));
            }
        }
        if (found.isEmpty()) {
            throw new IllegalStateException(KEY + ": the file " + file + " holds no private EC key on P-256 with a kid");
        }
        return found;
    }

    // not JsonWebKeySet: at level DEBUG it logs the whole set, private keys included
    private static List<?> members(String text) {
        try {
            return JsonUtil.parseJson(text).get("keys") instanceof List<?> list ? list : List.of();
        } catch (JoseException e) {
            return List.of();
        }
    }

    private static Optional<EllipticCurveJsonWebKey> usable(Map<?, ?> member) {
        var parameters = new HashMap<String, Object>();
        member.forEach((name, value) -> parameters.put(String.valueOf(name), value));
        try {
            return JsonWebKey.Factory.newJwk(parameters) instanceof EllipticCurveJsonWebKey key && key.getKeyId() != null
                    && key.getPrivateKey() != null && "P-256".equals(key.getCurveName()) ? Optional.of(key) : Optional.empty();
        } catch (JoseException | RuntimeException e) {
            return Optional.empty(); // another kind of key; the set may hold it for somebody else
        }
    }
}
