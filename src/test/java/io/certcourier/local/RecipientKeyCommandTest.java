package io.certcourier.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

class RecipientKeyCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void file() {
        file = folder.resolve("recipient-keys.json");
    }

    private JsonNode keys() throws Exception {
        return JSON.readTree(Files.readString(file)).path("keys");
    }

    @Test
    void a_further_key_leaves_the_first_as_it_is() throws Exception {
        RecipientKeyCommand.add(file, "2026-10");
        JsonNode first = keys().get(0);

        RecipientKeyCommand.add(file, "2026-11");

        assertThat(keys()).hasSize(2).contains(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void what_is_printed_has_no_private_half() throws Exception {
        JsonNode printed = JSON.readTree(RecipientKeyCommand.add(file, "2026-11"));

        assertThat(printed.has("d")).isFalse();
        assertThat(printed.path("x")).isEqualTo(keys().get(0).path("x"));
        assertThat(printed.path("kid").textValue()).isEqualTo("2026-11");
    }

    @Test
    void a_kid_is_never_used_twice() throws Exception {
        RecipientKeyCommand.add(file, "2026-11");
        String before = Files.readString(file);

        assertThatThrownBy(() -> RecipientKeyCommand.add(file, "2026-11")).isInstanceOf(LocalFailure.class)
                .hasMessageContaining("choose another kid");
        assertThat(file).content().isEqualTo(before);
    }

    @Test
    void a_file_of_something_else_stays_as_it_is() throws Exception {
        Files.writeString(file, "secret of another kind");

        assertThatThrownBy(() -> RecipientKeyCommand.add(file, "2026-11")).isInstanceOf(LocalFailure.class)
                .hasMessageNotContaining("secret").hasNoCause();
        assertThat(file).content().isEqualTo("secret of another kind");
    }
}
