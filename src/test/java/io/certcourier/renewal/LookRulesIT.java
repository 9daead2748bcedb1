package io.certcourier.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.certcourier.local.LocalPostgres;
import io.certcourier.scm.RecentCertificates;

/** What a list that was not read to its end says about an import whose answer was lost. */
class LookRulesIT {

    private static LocalPostgres postgres;
    private static Jdbi jdbi;

    private final UUID lost = UUID.randomUUID();
    private final UUID other = UUID.randomUUID();

    @BeforeAll
    static void start() throws IOException {
        postgres = LocalPostgres.start(Path.of("target", "look-rules"), 0);
        jdbi = Jdbi.create(postgres.jdbcUrl(), postgres.user(), postgres.password());
        jdbi.useHandle(handle -> handle.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
        for (String migration : List.of("V1__renewal.sql", "V2__renewal_by_scm_id.sql")) {
            String script = Files.readString(Path.of("src", "main", "resources", "db", "migration", migration));
            jdbi.useHandle(handle -> handle.createScript(script).execute());
        }
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    /** One delivered two minutes ago, and one whose import got no answer a minute ago. */
    @BeforeEach
    void two_renewals() {
        jdbi.useHandle(handle -> handle.execute("TRUNCATE renewal, subject CASCADE"));
        renewal(other, "SUCCEEDED", "scs-other");
        attempt(other, "import", "120 s");
        attempt(other, "push", "110 s");
        renewal(lost, "RESOLVING", null);
        attempt(lost, "import", "61 s");
    }

    private static void renewal(UUID id, String state, String scmId) {
        jdbi.useHandle(handle -> {
            handle.execute("INSERT INTO subject (subject_key, account, certificate_name) VALUES (?, 'prod', ?)", "prod|" + id,
                    id);
            handle.execute(
                    """
                            INSERT INTO renewal (id, subject_key, generation, account, certificate_name, payload_hash, leaf_sha256, leaf_sha1, scm_name, not_before,
                                                 not_after, event_time, state, next_at, deadline_at, source, event_id, scm_certificate_id, ended_at, waiting_since)
                            VALUES (?, ?, 1, 'prod', ?, sha256('p'), sha256(?::text::bytea), substr(sha256('l'), 1, 20), 'cr-x', now(), now(), now(), ?,
                                    now() - interval '1 s', now() + interval '7 days', 's', 'e', ?, CASE WHEN ?::text IS NOT NULL THEN now() END, now() - interval '61 s')""",
                    id, "prod|" + id, id, id.toString(), state, scmId, scmId);
        });
    }

    private static void attempt(UUID id, String operation, String ago) {
        jdbi.useHandle(handle -> handle.execute("""
                INSERT INTO attempt (renewal, account, epoch, owner, operation, started_at, ended_at, outcome)
                VALUES (?, 'prod', 1, 'w', ?, now() - ?::interval, now() - ?::interval + interval '1 s', 'UNKNOWN')""", id,
                operation, ago,
                ago));
    }

    private static RecentCertificates.Answer incompleteUpTo(String lastId) {
        return new RecentCertificates.Answer(List.of(), false, List.of("scs-of-somebody", lastId), null);
    }

    private List<UUID> look(RecentCertificates.Answer answer) {
        return jdbi.inTransaction(tx -> {
            var now = tx.createQuery("SELECT now()").mapTo(OffsetDateTime.class).one();
            var look = new Look("prod", 1, now, 1, List.of(), List.of());
            var missed = LookRules.missed(tx, look, List.of(), answer);
            LookRules.importAgain(tx, look, missed, 3);
            LookRules.holdUnclear(tx, look, missed);
            return missed;
        });
    }

    private String state() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT state FROM renewal WHERE id = :id").bind("id", lost)
                .mapTo(String.class).one());
    }

    private void set(String values) {
        jdbi.useHandle(handle -> handle.execute("UPDATE renewal SET " + values + " WHERE id = ?", lost));
    }

    @Test
    void a_list_that_ends_with_what_we_did_before_the_import_shows_that_it_was_not_made() {
        set("looks = 2");

        assertThat(look(incompleteUpTo("scs-other"))).containsExactly(lost);

        assertThat(state()).isEqualTo("READY");
    }

    @Test
    void a_list_that_ends_with_what_we_touched_since_shows_nothing() {
        set("looks = 2");
        attempt(other, "push", "30 s");

        assertThat(look(incompleteUpTo("scs-other"))).isEmpty();

        assertThat(state()).isEqualTo("RESOLVING");
    }

    @Test
    void a_list_that_ends_with_strangers_shows_nothing() {
        set("looks = 2");

        assertThat(look(incompleteUpTo("scs-of-another"))).isEmpty();

        assertThat(state()).isEqualTo("RESOLVING");
    }

    @Test
    void one_look_that_reached_it_and_ten_minutes_are_enough() {
        set("looks = 1, waiting_since = now() - interval '11 min'");

        look(incompleteUpTo("scs-of-another"));

        assertThat(state()).isEqualTo("READY");
    }

    @Test
    void without_any_look_that_reached_it_a_person_decides() {
        set("waiting_since = now() - interval '11 min'");

        look(incompleteUpTo("scs-of-another"));

        assertThat(state()).isEqualTo("HELD");
    }
}
