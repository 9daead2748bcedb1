package io.certcourier.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipientKeysTest {

    private final Recipient older = new Recipient("2026-10");
    private final Recipient newer = new Recipient("2026-11");

    @TempDir
    Path directory;
    private Path file;

    @BeforeEach
    void name_file() {
        file = directory.resolve("keys.json");
    }

    @Test
    void loads_every_private_key_of_the_set() throws IOException {
        write(older.privateJwk(), "{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"other\"}", newer.privateJwk());

        var keys = new RecipientKeys(Optional.of(file));

        assertThat(keys.find("2026-10")).isPresent();
        assertThat(keys.find("2026-11")).isPresent();
        assertThat(keys.find("other")).isEmpty();
        assertThat(keys.find(null)).isEmpty();
    }

    @Test
    void a_missing_file_ends_the_start_with_the_name_of_the_key() {
        assertThatThrownBy(() -> new RecipientKeys(Optional.of(file))).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("certcourier.intake.recipient-keys: ").hasMessageContaining("cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "no json", "{}", "{\"keys\":7}", "{\"keys\":[7]}", "{\"keys\":[{\"kty\":\"EC\"}]}" })
    void a_file_without_usable_key_ends_the_start_with_the_name_of_the_key(String text) throws IOException {
        Files.writeString(file, text);

        assertThatThrownBy(() -> new RecipientKeys(Optional.of(file))).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("certcourier.intake.recipient-keys: ").hasMessageContaining("no private EC key");
    }

    @Test
    void a_public_key_is_no_use() throws IOException {
        write(newer.publicJwk());

        assertThatThrownBy(() -> new RecipientKeys(Optional.of(file))).hasMessageContaining("no private EC key");
    }

    @Test
    void follows_the_file_when_it_changes() throws IOException {
        write(older.privateJwk());
        var keys = new RecipientKeys(Optional.of(file));

        write(newer.privateJwk());
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(keys.find("2026-11")).isPresent();
        assertThat(keys.find("2026-10")).isEmpty();
    }

    @Test
    void keeps_its_keys_when_the_changed_file_is_unusable() throws IOException {
        write(older.privateJwk());
        var keys = new RecipientKeys(Optional.of(file));

        Files.writeString(file, "{\"keys\":[");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(keys.find("2026-10")).isPresent();
    }

    @Test
    void follows_the_symlink_of_a_mounted_secret_to_a_file_of_the_same_age() throws IOException {
        Path first = Files.writeString(directory.resolve("first.json"), "{\"keys\":[" + older.privateJwk() + "]}");
        Path second = Files.writeString(directory.resolve("second.json"), "{\"keys\":[" + newer.privateJwk() + "]}");
        Files.setLastModifiedTime(second, Files.getLastModifiedTime(first));
        Files.createSymbolicLink(file, first);
        var keys = new RecipientKeys(Optional.of(file));

        Path swap = Files.createSymbolicLink(directory.resolve("swap"), second);
        Files.move(swap, file, StandardCopyOption.ATOMIC_MOVE);

        assertThat(keys.find("2026-11")).isPresent();
        assertThat(keys.find("2026-10")).isEmpty();
    }

    @Test
    void keeps_its_keys_while_the_file_is_away_and_follows_it_when_it_is_back() throws IOException {
        write(older.privateJwk());
        var keys = new RecipientKeys(Optional.of(file));

        Files.delete(file);
        assertThat(keys.find("2026-10")).isPresent();
        write(newer.privateJwk());

        assertThat(keys.find("2026-11")).isPresent();
    }

    private void write(String... keys) throws IOException {
        Files.writeString(file, "{\"keys\":[" + String.join(",", keys) + "]}");
    }
}
