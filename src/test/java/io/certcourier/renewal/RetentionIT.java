package io.certcourier.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.certcourier.local.LocalPostgres;

/** Old renewals go, the memory that protects a subject stays, and history does not slow the queue down. */
class RetentionIT {

    /** More with -Dretention.rows=2000000. */
    private static final int HISTORY = Integer.getInteger("retention.rows", 200_000);

    private static LocalPostgres postgres;
    private static Jdbi jdbi;

    @BeforeAll
    static void start() throws IOException {
        postgres = LocalPostgres.start(Path.of("target", "retention"), 0);
        jdbi = Jdbi.create(postgres.jdbcUrl(), postgres.user(), postgres.password());
        jdbi.useHandle(handle -> handle.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
        String migration = Files.readString(Path.of("src", "main", "resources", "db", "migration", "V1__renewal.sql"));
        jdbi.useHandle(handle -> handle.createScript(migration).execute());
        jdbi.useHandle(
                handle -> handle.execute("INSERT INTO account (account, credentials, breaker) VALUES ('prod', 'd', 'CLOSED')"));
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void empty() {
        jdbi.useHandle(handle -> handle.execute("TRUNCATE renewal, subject CASCADE"));
    }

    private static RetentionStore store() {
        return new RetentionStore(jdbi, new NinetyDays());
    }

    /** One renewal each of as many subjects; ended before that many days, or open if null. */
    private static void renewals(int count, Integer endedDaysAgo, String prefix) {
        jdbi.useHandle(handle -> {
            handle.createUpdate(
                    "INSERT INTO subject (subject_key, account, certificate_name) SELECT 'prod|' || :prefix || n, 'prod', :prefix || n FROM generate_series(1, :count) n")
                    .bind("prefix", prefix).bind("count", count).execute();
            handle.createUpdate(
                    """
                            INSERT INTO renewal (id, subject_key, generation, account, certificate_name, payload_hash, leaf_sha256, leaf_sha1, scm_name, not_before, not_after,
                                                 event_time, state, next_at, deadline_at, source, event_id, due_push, due_batch, ended_at)
                            SELECT md5(:prefix || n)::uuid, 'prod|' || :prefix || n, 1, 'prod', :prefix || n, sha256('p'), sha256('l'), substr(sha256('l'), 1, 20), 'cr-x', now(), now(),
                                   now(), CASE WHEN :days IS NULL THEN 'READY' ELSE 'FAILED' END, now(), now() + interval '7 days', 's', 'e', 1, 2,
                                   now() - make_interval(days => :days)
                              FROM generate_series(1, :count) n""")
                    .bind("prefix", prefix).bind("count", count).bind("days", endedDaysAgo).execute();
        });
    }

    private static List<String> names() {
        return names("");
    }

    private static List<String> names(String which) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT certificate_name FROM renewal " + which + " ORDER BY 1")
                .mapTo(String.class).list());
    }

    @Test
    void what_ended_before_the_retention_goes_and_nothing_else() {
        renewals(1, 91, "old");
        renewals(1, 89, "recent");
        renewals(1, null, "open");

        boolean more = store().purgeRenewals();

        assertThat(more).isFalse();
        assertThat(names()).containsExactly("open1", "recent1");
    }

    @Test
    void the_newest_delivered_one_of_a_subject_stays() {
        renewals(2, 500, "old");
        jdbi.useHandle(handle -> handle
                .execute("UPDATE subject SET delivered_id = md5('old1')::uuid WHERE certificate_name = 'old1'"));

        store().purgeRenewals();

        assertThat(names()).containsExactly("old1");
    }

    @Test
    void a_long_history_goes_in_batches() {
        renewals(450, 91, "old");

        var batches = IntStream.range(0, 3).mapToObj(i -> store().purgeRenewals()).toList();

        assertThat(batches).containsExactly(true, true, false);
        assertThat(names()).isEmpty();
    }

    @Test
    void urgency_rises_as_the_deadline_comes_near() {
        renewals(2, null, "open");
        jdbi.useHandle(handle -> handle
                .execute("UPDATE renewal SET deadline_at = now() + interval '23 hours' WHERE certificate_name = 'open1'"));

        int promoted = store().promoteUrgent();

        assertThat(promoted).isOne();
        assertThat(names("WHERE priority = 0")).containsExactly("open1");
    }

    @Test
    void history_does_not_slow_the_queue() {
        renewals(500, null, "open");
        jdbi.useHandle(handle -> handle.execute("VACUUM ANALYZE renewal"));
        double alone = medianMillis();
        renewals(HISTORY, 10, "ended");
        jdbi.useHandle(handle -> handle.execute("VACUUM ANALYZE renewal"));

        double withHistory = medianMillis();

        var plan = jdbi.withHandle(handle -> handle.createQuery("EXPLAIN " + DUE).mapTo(String.class).list());
        System.out.printf("due: %.3f ms with 500 open renewals, %.3f ms with %d ended ones beside them%n%s%n", alone,
                withHistory, HISTORY, String.join("\n", plan));
        assertThat(plan).anyMatch(line -> line.contains("renewal_due")).noneMatch(line -> line.contains("Seq Scan on renewal"));
    }

    private static final String DUE = """
            SELECT r.id FROM renewal r WHERE r.ended_at IS NULL AND r.account = 'prod' AND r.lane = 'import' AND r.priority = 1 AND r.next_at <= now()
             ORDER BY r.next_at LIMIT 16""";

    private static double medianMillis() {
        return jdbi.withHandle(handle -> IntStream.range(0, 31).mapToDouble(i -> {
            long before = System.nanoTime();
            handle.createQuery(DUE).mapTo(String.class).list();
            return (System.nanoTime() - before) / 1e6;
        }).sorted().skip(15).findFirst().orElseThrow());
    }

    /** Only the retention matters here. */
    private record NinetyDays() implements RenewalConfig {
        @Override
        public int concurrency() {
            return 1;
        }

        @Override
        public Duration lease() {
            return Duration.ofSeconds(60);
        }

        @Override
        public Duration poll() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Duration deadline() {
            return Duration.ofDays(7);
        }

        @Override
        public Backoff backoff() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Path> keyset() {
            return Optional.empty();
        }

        @Override
        public Duration retention() {
            return Duration.ofDays(90);
        }

        @Override
        public int targetAttempts() {
            return 5;
        }
    }
}
