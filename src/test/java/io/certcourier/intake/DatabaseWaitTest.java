package io.certcourier.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.quarkus.runtime.ShutdownEvent;

class DatabaseWaitTest {

    private final IntakeStatus status = new IntakeStatus(OptionalDouble::empty, InstantSource.system());
    private final DatabaseWait databaseWait = new DatabaseWait(status, Duration.ofMillis(1), Duration.ofMillis(4));
    private final AtomicInteger tries = new AtomicInteger();

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {
            "08006, true", "57P01, true", "53300, true", "40P01, true", "55P03, true", "25006, true", "42P01, true",
            "none, true", "22021, false", "23505, false", "22001, false", "54000, false", "42804, false" })
    void only_states_that_blame_the_data_are_not_waited_out(String sqlState, boolean away) {
        var failure = new IllegalStateException(new SQLException("x", sqlState));

        assertThat(DatabaseWait.databaseIsAway(failure)).isEqualTo(away);
    }

    @Test
    void a_failure_of_our_code_is_not_waited_out() {
        assertThatThrownBy(() -> databaseWait.untilTaken(() -> failing(new NullPointerException())))
                .isInstanceOf(NullPointerException.class);

        assertThat(tries).hasValue(1);
        assertThat(status.waitingForDatabase()).isFalse();
    }

    @Test
    void repeats_until_the_database_is_back() {
        String result = databaseWait.untilTaken(() -> tries.get() < 5 ? failing(away()) : "stored");

        assertThat(result).isEqualTo("stored");
        assertThat(tries).hasValue(5);
        assertThat(status.waitingForDatabase()).isFalse();
    }

    @Test
    void insisting_repeats_whatever_the_failure() {
        var result = databaseWait.insist(() -> tries.get() < 3 ? failing(new NullPointerException()) : "stored");

        assertThat(result).isEqualTo("stored");
        assertThat(tries).hasValue(3);
    }

    @Test
    void the_end_of_the_application_ends_the_wait() {
        var waiting = CompletableFuture.runAsync(() -> databaseWait.untilTaken(() -> failing(away())));
        await().untilAsserted(() -> assertThat(status.waitingForDatabase()).isTrue());

        databaseWait.stop(new ShutdownEvent());

        await().until(waiting::isDone);
        assertThatThrownBy(waiting::join).hasCauseInstanceOf(DatabaseWait.ApplicationStopping.class);
    }

    private String failing(RuntimeException failure) {
        tries.incrementAndGet();
        throw failure;
    }

    private static RuntimeException away() {
        return new IllegalStateException(new SQLException("gone", "08006"));
    }
}
