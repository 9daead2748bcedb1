package io.certcourier.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.certcourier.upgrade.Migrations.Migration;

/**
 * While replicas are replaced one by one, and after going back, the code of a version runs on the schema of the next: a
 * migration must take nothing away that it uses, and ask for nothing that it does not write.
 */
class MigrationsTest {

    /** What breaks the code of the version before, or stops it for as long as a large table takes. */
    private static final List<Pattern> BREAKING = Stream.of("\\bDROP\\b", "\\bRENAME\\b", "\\bTRUNCATE\\b", "\\bDELETE\\b",
            "\\bREVOKE\\b", "\\bSET NOT NULL\\b", "\\bALTER (COLUMN )?\\w+ (SET DATA )?TYPE\\b",
            "\\bADD (COLUMN )?(?!CONSTRAINT)(?!.*\\bDEFAULT\\b).*\\bNOT NULL\\b", "\\bADD CONSTRAINT\\b(?!.*\\bNOT VALID\\b)",
            "\\bCREATE UNIQUE INDEX\\b", "\\bADD (COLUMN )?\\w+ .*\\bDEFAULT (now|clock_timestamp|gen_random_uuid|random)\\b",
            "\\bADD .*\\bGENERATED\\b.*\\bSTORED\\b")
            .map(rule -> Pattern.compile(rule, Pattern.CASE_INSENSITIVE | Pattern.DOTALL))
            .toList();

    /** Statements that a rule finds and that are right all the same, with the reason. */
    private static final Map<String, String> ALLOWED = Map.of("ALTER TABLE RENEWAL DROP CONSTRAINT RENEWAL_HOLD_CHECK",
            "the next statement of V3 puts a wider one in its place, in the same transaction");

    static Stream<Migration> laterThanTheFirst() {
        return Migrations.all().stream().skip(1);
    }

    private static List<String> statements(String sql) {
        return Arrays.stream(sql.split(";")).map(one -> one.strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT))
                .filter(one -> !one.isEmpty()).toList();
    }

    private static List<String> breaking(String sql) {
        return statements(sql).stream().filter(one -> BREAKING.stream().anyMatch(rule -> rule.matcher(one).find()))
                .filter(one -> !ALLOWED.containsKey(one)).toList();
    }

    @ParameterizedTest
    @MethodSource("laterThanTheFirst")
    void migration_only_adds(Migration migration) {
        assertThat(breaking(migration.sql())).as(migration.file() + ": see docs/upgrades.md").isEmpty();
    }

    @Test
    void versions_have_no_gap() {
        var versions = Migrations.all().stream().map(Migration::version).toList();

        assertThat(versions).isEqualTo(IntStream.rangeClosed(1, versions.size()).boxed().toList());
    }

    @Test
    void every_older_version_is_recorded() {
        assertThat(Migrations.olderVersions()).isNotEmpty().allSatisfy(
                version -> assertThat(Files.exists(Recording.file(version))).as("record it: see RecordVersion").isTrue());
    }

    @Test
    void every_allowance_is_used() {
        var all = laterThanTheFirst().flatMap(migration -> statements(migration.sql()).stream()).toList();

        assertThat(all).containsAll(ALLOWED.keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = { "ALTER TABLE renewal DROP COLUMN labels", "ALTER TABLE renewal RENAME COLUMN hold TO held",
            "DROP INDEX renewal_due", "ALTER TABLE renewal ALTER COLUMN round TYPE integer",
            "ALTER TABLE renewal ALTER round TYPE integer", "ALTER TABLE renewal ALTER COLUMN labels SET NOT NULL",
            "ALTER TABLE renewal ADD COLUMN tenant text NOT NULL", "ALTER TABLE renewal\n  ADD tenant text\n  NOT NULL",
            "ALTER TABLE renewal ADD CONSTRAINT c CHECK (round > 0)", "CREATE UNIQUE INDEX u ON renewal (scm_name)",
            "ALTER TABLE renewal ADD COLUMN seen timestamptz DEFAULT clock_timestamp()", "DELETE FROM duty" })
    void what_breaks_a_running_version_is_found(String sql) {
        assertThat(breaking(sql)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = { "ALTER TABLE renewal ADD COLUMN tenant text",
            "CREATE TABLE more (id uuid PRIMARY KEY, n text NOT NULL)",
            "ALTER TABLE renewal ADD COLUMN weight smallint NOT NULL DEFAULT 1", "CREATE INDEX i ON renewal (source)",
            "ALTER TABLE renewal ADD CONSTRAINT c CHECK (round > 0) NOT VALID", "INSERT INTO duty (name) VALUES ('more')" })
    void what_only_adds_passes(String sql) {
        assertThat(breaking(sql)).isEmpty();
    }
}
