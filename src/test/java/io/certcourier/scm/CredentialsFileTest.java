package io.certcourier.scm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsFileTest {

    private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("credentials.json");
    }

    private static String keys(String access, String expiresAt) {
        return "{\"access\":\"" + access + "\",\"secret\":\"" + Scm.SECRET_KEY + "\",\"securitytoken\":\"" + Scm.TOKEN
                + "\",\"expires_at\":\"" + expiresAt + "\"}";
    }

    private Credentials read(String content) throws Exception {
        Files.writeString(file, content);
        return new CredentialsFile(file).read();
    }

    private AccountCredentials account(String content) throws Exception {
        Files.writeString(file, content);
        return AccountCredentials.from("prod", new CredentialsFile(file));
    }

    @Test
    void keys_are_read_as_iam_answers_them_with_or_without_their_envelope() throws Exception {
        String keys = keys("AK1", "2026-01-31T09:00:00.574000Z");

        Credentials plain = read(keys);
        Credentials inEnvelope = read("{\"credential\":" + keys + ",\"other\":1}");

        assertThat(plain.expiresAt()).contains(Instant.parse("2026-01-31T09:00:00.574Z"));
        assertThat(plain.securityToken()).contains(Scm.TOKEN);
        assertThat(plain.sameAs(inEnvelope)).isTrue();
    }

    @Test
    void permanent_keys_have_no_token_and_no_end() throws Exception {
        Credentials keys = read("{\"access\":\"AK1\",\"secret\":\"s\"}");

        assertThat(keys.securityToken()).isEmpty();
        assertThat(keys.expiresAt()).isEmpty();
        assertThat(keys.expiredAt(Instant.MAX)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "{", "[]", "null", "{\"access\":\"AK1\"}", "{\"access\":\"AK1\",\"secret\":null}",
            "{\"access\":\"AK1\",\"secret\":\"SECRET text\"}", "{\"access\":7,\"secret\":\"SECRETtext\"}",
            "{\"access\":\"AK1\",\"secret\":\"SECRETtext\",\"expires_at\":\"soon\"}",
            "{\"access\":\"AK1\",\"secret\":\"SECRETtext\",\"securitytoken\":\"a\\nb\"}" })
    void what_is_not_usable_is_refused_with_the_path_and_no_content(String content) {
        assertThatThrownBy(() -> read(content)).isInstanceOf(CredentialsFile.Unusable.class)
                .hasMessageStartingWith(file.toString()).hasMessageNotContaining("SECRET").hasMessageNotContaining("AK1");
    }

    @Test
    void a_missing_file_ends_the_start_with_the_key() {
        Scm missing = Scm.aConfig().withAccount("access-key", "").withAccount("secret-key", "").withAccount("credentials-file",
                file.toString());

        assertThatThrownBy(missing::accounts).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("certcourier.scm.accounts.prod.credentials-file: " + file + " cannot be read");
    }

    @ParameterizedTest
    @CsvSource({ "access-key", "secret-key" })
    void keys_are_given_in_one_place(String key) throws IOException {
        Files.writeString(file, keys("AK1", "2099-01-01T00:00:00Z"));
        Scm both = Scm.aConfig().withAccount("credentials-file", file.toString());
        Scm half = Scm.aConfig().withAccount(key, "");

        assertThatThrownBy(both::accounts).hasMessageContaining("certcourier.scm.accounts.prod.credentials-file: ")
                .hasMessageContaining("not both");
        assertThatThrownBy(half::accounts).hasMessageContaining("certcourier.scm.accounts.prod." + key + ": ")
                .hasMessageContaining("required");
    }

    @Test
    void a_changed_file_is_taken_however_it_was_changed() throws Exception {
        AccountCredentials account = account(keys("AK1", "2026-01-31T09:00:00Z"));

        Files.writeString(file, keys("AK2", "2026-01-31T10:00:00Z"));
        account.refresh(NOW);
        Instant written = account.current().expiresAt().orElseThrow();
        Path other = Files.writeString(folder.resolve("new"), keys("AK3", "2026-01-31T11:00:00Z"));
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        account.refresh(NOW);

        assertThat(written).isEqualTo(Instant.parse("2026-01-31T10:00:00Z"));
        assertThat(account.current().expiresAt()).contains(Instant.parse("2026-01-31T11:00:00Z"));
    }

    /** As the kubelet does: file → ..data/file, ..data → a folder with a time in its name; the link ..data is replaced. */
    @Test
    void the_swapped_link_of_a_mounted_secret_is_seen() throws Exception {
        Path first = Files.createDirectory(folder.resolve("..2026_01"));
        Path second = Files.createDirectory(folder.resolve("..2026_02"));
        Files.writeString(first.resolve("keys"), keys("AK1", "2026-01-31T09:00:00Z"));
        Files.writeString(second.resolve("keys"), keys("AK2", "2026-01-31T10:00:00Z"));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), first.getFileName());
        Path mounted = Files.createSymbolicLink(folder.resolve("keys"), Path.of("..data", "keys"));
        AccountCredentials account = AccountCredentials.from("prod", new CredentialsFile(mounted));

        Path swap = Files.createSymbolicLink(folder.resolve("..data_tmp"), second.getFileName());
        Files.move(swap, data, StandardCopyOption.ATOMIC_MOVE);
        account.refresh(NOW);

        assertThat(account.current().expiresAt()).contains(Instant.parse("2026-01-31T10:00:00Z"));
    }

    @Test
    void a_bad_file_keeps_the_keys_and_is_told_once_until_it_is_good_again() throws Exception {
        AccountCredentials account = account(keys("AK1", "2026-01-31T09:00:00Z"));
        Credentials before = account.current();
        List<LogRecord> log = new ArrayList<>();
        Handler handler = recorder(log);
        Logger logger = Logger.getLogger(AccountCredentials.class.getName());
        logger.addHandler(handler);
        try {
            Files.writeString(file, keys("AK2", "2026-01-31T10:00:00Z").substring(0, 60));
            account.refresh(NOW);
            Files.delete(file);
            account.refresh(NOW);
            Files.writeString(file, keys("AK2", "2026-01-31T07:00:00Z"));
            account.refresh(NOW);
            assertThat(account.current()).isSameAs(before);
            assertThat(log).hasSize(1);
            Files.writeString(file, keys("AK1", "2026-01-31T09:00:00Z"));
            account.refresh(NOW);
            Files.writeString(file, "");
            account.refresh(NOW);
        } finally {
            logger.removeHandler(handler);
        }

        assertThat(account.current()).isSameAs(before);
        assertThat(log).hasSize(2).allSatisfy(record -> assertThat(record.getMessage() + record.getParameters())
                .doesNotContain(Scm.SECRET_KEY).doesNotContain(Scm.TOKEN));
    }

    @Test
    void credentials_end_a_moment_before_their_time() throws Exception {
        Credentials keys = read(keys("AK1", "2026-01-31T08:00:00Z"));

        assertThat(keys.expiredAt(NOW.minusSeconds(4))).isFalse();
        assertThat(keys.expiredAt(NOW.minusSeconds(2))).isTrue();
        assertThat(keys).hasToString("credentials");
    }

    private static Handler recorder(List<LogRecord> log) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                log.add(record);
            }

            @Override
            public void flush() {
                // nothing is buffered
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }
}
