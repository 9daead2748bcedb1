package io.certcourier.renewal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.jboss.logging.Logger;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;

import io.certcourier.certificate.SecretBytes;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.runtime.configuration.ConfigurationException;

/**
 * Seals private keys at rest: AES256-GCM by a Tink keyset, bound to the renewal's id so that a ciphertext opens in its own row
 * only.
 */
@Startup
@ApplicationScoped
class KeySafe {

    private static final Logger LOG = Logger.getLogger(KeySafe.class);

    /** @param tinkKeyId the key of the keyset that made the ciphertext, for rotation */
    record Sealed(long tinkKeyId, byte[] ciphertext) {
    }

    /** A sealed key that no key of the keyset opens. */
    static final class SealBroken extends RuntimeException {
        SealBroken(UUID renewal) {
            super("the sealed key of renewal " + renewal + " does not open with the configured keyset", null, false, false);
        }
    }

    private final Aead aead;
    private final long primaryKeyId;

    @Inject
    KeySafe(RenewalConfig config) {
        this(config.keyset().map(KeySafe::read).orElseGet(KeySafe::forThisProcessOnly));
    }

    KeySafe(KeysetHandle keyset) {
        try {
            aead = keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException(
                    "certcourier.renewal.keyset: not a keyset for AEAD (" + e.getClass().getSimpleName() + ")");
        }
        primaryKeyId = Integer.toUnsignedLong(keyset.getPrimary().getId());
    }

    private static KeysetHandle read(Path file) {
        try {
            AeadConfig.register();
            return TinkJsonProtoKeysetFormat.parseKeyset(Files.readString(file), InsecureSecretKeyAccess.get());
        } catch (IOException | GeneralSecurityException e) {
            // the cause's message may repeat the file's content
            throw new ConfigurationException("certcourier.renewal.keyset: " + file + " is not a readable Tink keyset in JSON ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    private static KeysetHandle forThisProcessOnly() {
        if (ConfigUtils.isProfileActive("prod")) {
            throw new ConfigurationException(
                    "certcourier.renewal.keyset is not set: private keys cannot be sealed at rest without it");
        }
        LOG.warn("certcourier.renewal.keyset is not set: keys of unfinished renewals are lost when this process ends");
        return newKeyset();
    }

    static KeysetHandle newKeyset() {
        try {
            AeadConfig.register();
            return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Sealed seal(UUID renewal, SecretBytes key) {
        try {
            return new Sealed(primaryKeyId, aead.encrypt(key.reveal(), bytes(renewal)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    /** @throws SealBroken no key of the keyset opens it, or it belongs to another renewal */
    SecretBytes open(UUID renewal, byte[] ciphertext) {
        try {
            return SecretBytes.taking(aead.decrypt(ciphertext, bytes(renewal)));
        } catch (GeneralSecurityException e) {
            throw new SealBroken(renewal);
        }
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).array();
    }
}
