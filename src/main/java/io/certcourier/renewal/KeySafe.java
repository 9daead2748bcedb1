package io.certcourier.renewal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.jboss.logging.Logger;

import com.google.crypto.tink.KeysetHandle;

import io.certcourier.certificate.FileVersion;
import io.certcourier.certificate.SecretBytes;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.runtime.configuration.ConfigurationException;

/**
 * Seals private keys at rest: AES256-GCM by a Tink keyset, bound to the renewal's id so that a ciphertext opens in its own row
 * only. Follows the keyset's file, so that a rotation needs no restart.
 */
@Startup
@ApplicationScoped
class KeySafe {

    private static final Logger LOG = Logger.getLogger(KeySafe.class);
    private static final String KEY = "certcourier.renewal.keyset";

    /** @param tinkKeyId the key of the keyset that made the ciphertext, for rotation */
    record Sealed(long tinkKeyId, byte[] ciphertext) {
    }

    /** A sealed key that does not open although the keyset has the key that sealed it: it was changed, or moved. */
    static final class SealBroken extends RuntimeException {
        SealBroken(UUID renewal) {
            super("the sealed key of renewal " + renewal + " does not open with the key that sealed it", null, false, false);
        }
    }

    /** The keyset lacks the key that sealed it. Nothing is lost while the key can be put back. */
    static final class SealKeyMissing extends RuntimeException {
        SealKeyMissing(UUID renewal, long keyId) {
            super("the keyset lacks the key " + keyId + " that sealed the key of renewal " + renewal, null, false, false);
        }
    }

    private final Path file;
    private Optional<FileVersion> seen;
    private volatile Keyset keyset;

    @Inject
    KeySafe(RenewalConfig config) {
        file = config.keyset().orElse(null);
        seen = file == null ? Optional.empty() : FileVersion.of(file);
        keyset = file == null ? forThisProcessOnly() : Keyset.read(file);
    }

    KeySafe(KeysetHandle handle) {
        file = null;
        seen = Optional.empty();
        keyset = Keyset.of(handle);
    }

    private static Keyset forThisProcessOnly() {
        if (ConfigUtils.isProfileActive("prod")) {
            throw new ConfigurationException(KEY + " is not set: private keys cannot be sealed at rest without it");
        }
        LOG.warnf("%s is not set: keys of unfinished renewals are lost when this process ends", KEY);
        return Keyset.of(Keyset.generate());
    }

    /** The keyset as it was read last. */
    Keyset keyset() {
        return keyset;
    }

    /** Reads the file again if it has changed. An unusable one changes nothing: what was read before stays in force. */
    synchronized void follow() {
        Optional<FileVersion> now = file == null ? Optional.empty() : FileVersion.of(file);
        if (now.equals(seen)) {
            return;
        }
        seen = now; // before reading, so that a broken file is told of once
        try {
            keyset = Keyset.read(file);
            LOG.infof("Keyset read again: primary=%d keys=%s", keyset.primary(), keyset.keyIds());
        } catch (ConfigurationException e) {
            LOG.warnf("%s: the changed file is not usable, the keyset read before stays in force", KEY);
        }
    }

    Sealed seal(UUID renewal, SecretBytes key) {
        follow(); // a key that was retired a moment ago must seal nothing any more
        Keyset now = keyset;
        try {
            return new Sealed(now.primary(), now.aead().encrypt(key.reveal(), bytes(renewal)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    /**
     * @throws SealKeyMissing the keyset, read again if it changed, lacks the key that sealed it
     * @throws SealBroken the ciphertext was changed, or belongs to another renewal
     */
    SecretBytes open(UUID renewal, Sealed sealed) {
        if (!keyset.keyIds().contains(sealed.tinkKeyId())) {
            follow(); // another replica may have read a new key before this one
        }
        Keyset now = keyset;
        if (!now.keyIds().contains(sealed.tinkKeyId())) {
            throw new SealKeyMissing(renewal, sealed.tinkKeyId());
        }
        try {
            return SecretBytes.taking(now.aead().decrypt(sealed.ciphertext(), bytes(renewal)));
        } catch (GeneralSecurityException e) {
            throw new SealBroken(renewal);
        }
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).array();
    }
}
