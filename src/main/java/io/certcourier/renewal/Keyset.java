package io.certcourier.renewal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;

import io.quarkus.runtime.configuration.ConfigurationException;

/**
 * One state of the keyset: its primary key seals, every enabled one opens.
 *
 * @param primary id of the key that seals, unsigned
 * @param keyIds ids of all keys that open, the primary among them
 */
record Keyset(Aead aead, long primary, Set<Long> keyIds) {

    /** @throws ConfigurationException it is no keyset for AEAD */
    static Keyset of(KeysetHandle handle) {
        try {
            var enabled = IntStream.range(0, handle.size()).mapToObj(handle::getAt)
                    .filter(entry -> entry.getStatus() == KeyStatus.ENABLED)
                    .map(entry -> Integer.toUnsignedLong(entry.getId())).collect(Collectors.toUnmodifiableSet());
            return new Keyset(handle.getPrimitive(RegistryConfiguration.get(), Aead.class),
                    Integer.toUnsignedLong(handle.getPrimary().getId()), enabled);
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException(
                    "certcourier.renewal.keyset: not a keyset for AEAD (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** @throws ConfigurationException the file cannot be read, or holds no keyset for AEAD */
    static Keyset read(Path file) {
        try {
            AeadConfig.register();
            return of(TinkJsonProtoKeysetFormat.parseKeyset(Files.readString(file), InsecureSecretKeyAccess.get()));
        } catch (IOException | GeneralSecurityException e) {
            // the cause's message may repeat the file's content
            throw new ConfigurationException("certcourier.renewal.keyset: " + file + " is not a readable Tink keyset in JSON ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    /** A new one with a single key. */
    static KeysetHandle generate() {
        try {
            AeadConfig.register();
            return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
