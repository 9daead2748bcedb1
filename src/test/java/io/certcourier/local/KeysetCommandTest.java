package io.certcourier.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;

class KeysetCommandTest {

    private static final byte[] KEY = { 1, 2, 3 };
    private static final byte[] ID = { 4 };

    @TempDir
    Path folder;

    private static Aead read(Path file) throws Exception {
        AeadConfig.register();
        KeysetHandle keyset = TinkJsonProtoKeysetFormat.parseKeyset(Files.readString(file), InsecureSecretKeyAccess.get());
        assertThat(keyset.size()).isEqualTo(1);
        return keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
    }

    @Test
    void what_was_sealed_with_the_file_opens_with_it_after_a_restart() throws Exception {
        Path file = folder.resolve("keyset.json");

        KeysetCommand.write(file);

        byte[] sealed = read(file).encrypt(KEY, ID);
        assertThat(read(file).decrypt(sealed, ID)).isEqualTo(KEY);
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

        byte[] sealed = read(folder.resolve("a.json")).encrypt(KEY, ID);

        assertThatThrownBy(() -> read(folder.resolve("b.json")).decrypt(sealed, ID)).isInstanceOf(Exception.class);
    }
}
