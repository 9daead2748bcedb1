package io.certcourier.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;

class KeysetCommandTest {

    private static final byte[] KEY = { 1, 2, 3 };
    private static final byte[] ID = { 4 };

    @TempDir
    Path folder;

    private static Aead aead(Path file) throws Exception {
        AeadConfig.register();
        return TinkJsonProtoKeysetFormat.parseKeyset(Files.readString(file), InsecureSecretKeyAccess.get())
                .getPrimitive(RegistryConfiguration.get(), Aead.class);
    }

    @Test
    void what_was_sealed_with_the_file_opens_with_it_after_a_restart() throws Exception {
        Path file = folder.resolve("keyset.json");

        KeysetCommand.write(file);

        byte[] sealed = aead(file).encrypt(KEY, ID);
        assertThat(aead(file).decrypt(sealed, ID)).isEqualTo(KEY);
    }

    @Test
    void only_its_owner_can_read_the_file() throws Exception {
        Path file = folder.resolve("keyset.json");

        KeysetCommand.write(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void an_existing_keyset_is_never_replaced() throws Exception {
        Path file = folder.resolve("keyset.json");
        KeysetCommand.write(file);
        String before = Files.readString(file);

        assertThatThrownBy(() -> KeysetCommand.write(file)).isInstanceOf(LocalFailure.class)
                .hasMessageContaining("keyset.json").hasMessageNotContaining(before);
        assertThat(file).content().isEqualTo(before);
    }

    @Test
    void two_keysets_are_different() throws Exception {
        KeysetCommand.write(folder.resolve("a.json"));
        KeysetCommand.write(folder.resolve("b.json"));

        byte[] sealed = aead(folder.resolve("a.json")).encrypt(KEY, ID);

        assertThatThrownBy(() -> aead(folder.resolve("b.json")).decrypt(sealed, ID)).isInstanceOf(Exception.class);
    }

    @Test
    void a_rotation_opens_old_seals_until_the_old_key_is_retired() throws Exception {
        Path file = folder.resolve("keyset.json");
        KeysetCommand.write(file);
        byte[] old = aead(file).encrypt(KEY, ID);

        KeysetCommand.rotate(file, KeysetCommand.Rotation.ADD);
        byte[] between = aead(file).encrypt(KEY, ID);
        KeysetCommand.rotate(file, KeysetCommand.Rotation.PROMOTE);
        byte[] young = aead(file).encrypt(KEY, ID);

        assertThat(keyId(between)).as("a key that was only added seals nothing").isEqualTo(keyId(old));
        assertThat(keyId(young)).isNotEqualTo(keyId(old));
        assertThat(aead(file).decrypt(old, ID)).isEqualTo(KEY);
        KeysetCommand.rotate(file, KeysetCommand.Rotation.RETIRE);
        assertThat(aead(file).decrypt(young, ID)).isEqualTo(KEY);
        assertThatThrownBy(() -> aead(file).decrypt(old, ID)).isInstanceOf(GeneralSecurityException.class);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void what_is_no_keyset_is_not_rotated_and_not_repeated() throws Exception {
        Path file = Files.writeString(folder.resolve("keyset.json"), "secret of another kind");

        assertThatThrownBy(() -> KeysetCommand.rotate(file, KeysetCommand.Rotation.ADD)).isInstanceOf(LocalFailure.class)
                .hasMessageNotContaining("secret").hasNoCause();
        assertThat(file).content().isEqualTo("secret of another kind");
    }

    /** The key that made a ciphertext: Tink writes its id behind the first byte. */
    private static String keyId(byte[] sealed) {
        return HexFormat.of().formatHex(sealed, 1, 5);
    }
}
