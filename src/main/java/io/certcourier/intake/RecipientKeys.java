package io.certcourier.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.PrivateKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jboss.logging.Logger;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.lang.JoseException;

/** The private keys that events are encrypted to, by kid. Follows the file, so that a rotation needs no restart. */
final class RecipientKeys {

    private static final Logger LOG = Logger.getLogger(RecipientKeys.class);
    private static final String KEY = "certcourier.intake.recipient-keys";

    /** A mounted Secret changes by its symlink, and the new file may be as old as the one before. */
    private record Version(Path target, FileTime written) {
    }

    private final Path file;
    private Optional<Version> seen = Optional.empty();
    private Map<String, PrivateKey> keys = Map.of();

    /**
     * @param file JWK set; empty: no event with an encrypted key can be opened
     * @throws IllegalStateException it cannot be read or holds no usable key; the message names the configuration key
     */
    RecipientKeys(Optional<Path> file) {
        this.file = file.orElse(null);
        if (this.file != null) {
            try {
                seen = version(this.file);
                keys = read(this.file);
            } catch (IOException e) {
                throw new IllegalStateException(KEY + ": the file " + this.file + " cannot be read", e);
            }
        }
    }

    /** Empty if no key of that kid is loaded, or kid is null. */
    synchronized Optional<PrivateKey> find(String kid) {
        if (file != null) {
            follow();
        }
        return kid == null ? Optional.empty() : Optional.ofNullable(keys.get(kid));
    }

    private void follow() {
        Optional<Version> now = version(file);
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

    /** Empty while the file cannot be found. */
    private static Optional<Version> version(Path file) {
        try {
            Path target = file.toRealPath();
            return Optional.of(new Version(target, Files.getLastModifiedTime(target)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Map<String, PrivateKey> read(Path file) throws IOException {
        var found = new HashMap<String, PrivateKey>();
        for (Object member : members(Files.readString(file))) {
            if (member instanceof Map<?, ?> jwk) {
                usable(jwk).ifPresent(key -> found.put(key.getKeyId(), key.getPrivateKey()));
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
