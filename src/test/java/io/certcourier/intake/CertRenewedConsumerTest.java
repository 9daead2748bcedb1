package io.certcourier.intake;

import static io.certcourier.intake.EventBuilder.anEvent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.certcourier.outcome.DeadLetter;
import io.certcourier.outcome.Outcome;
import io.certcourier.outcome.ReasonCode;
import io.quarkus.runtime.ShutdownEvent;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/** The whole package on a real database; renewals and outcomes are kept by tables that roll back with it. */
@Timeout(60) // a record that cannot be stored is tried for ever
class CertRenewedConsumerTest {

    private static EmbeddedPostgres postgres;

    @TempDir
    Path directory;

    private final IntakeStatus status = new IntakeStatus(OptionalDouble::empty, InstantSource.fixed(EventBuilder.NOW));
    private final DatabaseWait databaseWait = new DatabaseWait(status, Duration.ofMillis(1), Duration.ofMillis(2));
    private final RecordingEngine engine = new RecordingEngine();
    private final AtomicInteger refusedConnections = new AtomicInteger();
    private final List<EventArrived> arrived = new ArrayList<>();
    private Jdbi jdbi;
    private EventReader reader;
    private IntakeTransaction transaction;
    private CertRenewedConsumer consumer;

    @BeforeAll
    static void start_database() throws IOException {
        postgres = EmbeddedPostgres.start();
        String schema = new String(
                CertRenewedConsumerTest.class.getResourceAsStream("/db/migration/V1__renewal.sql").readAllBytes(),
                StandardCharsets.UTF_8);
        Jdbi.create(postgres.getPostgresDatabase()).useHandle(handle -> {
            handle.execute(schema);
            handle.execute(RecordingEngine.TABLES);
        });
    }

    @AfterAll
    static void stop_database() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void wire() {
        var pool = postgres.getPostgresDatabase();
        jdbi = Jdbi.create(() -> {
            if (refusedConnections.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new SQLException("no server", "08001");
            }
            return pool.getConnection();
        });
        jdbi.useHandle(handle -> handle.execute("TRUNCATE accepted, told, refusal"));
        var refusals = new Refusals(engine::outcome, engine::letter, InstantSource.fixed(EventBuilder.NOW.plusMillis(5)));
        transaction = new IntakeTransaction(jdbi, engine::accept, (tx, id, duplicate) -> null, refusals, databaseWait,
                status);
        reader = ReaderBuilder.aReader(EventBuilder.RECIPIENT.fileIn(directory)).build();
        consumer = new CertRenewedConsumer(reader, transaction, status, (Consumer<EventArrived>) arrived::add);
    }

    @Test
    void a_poll_is_stored_as_renewals_and_refusals() {
        consumer.consume(poll(anEvent().binary(), anEvent().attribute("id", "2").with("account", "nosuch").binary(),
                EventBuilder.aRecord("no json", List.of()), anEvent().with("sequence", 5).binary()));

        assertThat(engine.requests).hasSize(3);
        assertThat(rows("SELECT reason_code FROM refusal ORDER BY record_offset")).containsExactly("MALFORMED_JSON",
                "IDEMPOTENCY_CONFLICT");
        assertThat(engine.outcomes).extracting(each -> each.failure().reasonCode()).containsExactlyInAnyOrder("MALFORMED_JSON",
                "IDEMPOTENCY_CONFLICT");
        assertThat(engine.letters).extracting(DeadLetter::reason).containsExactlyInAnyOrder(ReasonCode.ACCOUNT_UNKNOWN,
                ReasonCode.MALFORMED_JSON, ReasonCode.IDEMPOTENCY_CONFLICT);
        assertThat(status.rejected(ReasonCode.ACCOUNT_UNKNOWN)).isEqualTo(1);
        assertThat(status.received("kafka", "binary")).isEqualTo(3);
        assertThat(status.received("kafka", "plain")).isEqualTo(1);
    }

    @Test
    void the_age_of_an_event_is_told_and_is_never_negative_or_absurd() {
        consumer.consume(poll(anEvent().attribute("time", EventBuilder.NOW.minusSeconds(90).toString()).binary(),
                anEvent().attribute("id", "2").attribute("time", EventBuilder.NOW.plusSeconds(90).toString()).binary(),
                anEvent().attribute("id", "3").attribute("time", "0001-01-01T00:00:00Z").binary()));

        assertThat(arrived).extracting(EventArrived::age).containsExactly(Duration.ofSeconds(90), Duration.ZERO,
                Duration.ofDays(365));
    }

    @Test
    void an_observer_that_fails_stops_nothing() {
        consumer = new CertRenewedConsumer(reader, transaction, status, (Consumer<EventArrived>) event -> {
            throw new ArithmeticException("long overflow");
        });

        consumer.consume(poll(anEvent().binary()));

        assertThat(engine.requests).hasSize(1);
    }

    @Test
    void the_same_poll_again_tells_nothing_new() {
        var batch = poll(anEvent().binary(), EventBuilder.aRecord("no json", List.of()));
        consumer.consume(batch);

        consumer.consume(batch);

        assertThat(engine.outcomes).hasSize(1);
        assertThat(engine.letters).hasSize(1);
        assertThat(status.duplicates()).isEqualTo(2);
        assertThat(status.rejected(ReasonCode.MALFORMED_JSON)).isEqualTo(1);
    }

    @Test
    void a_refused_record_is_told_by_its_coordinates_only() {
        consumer.consume(poll(anEvent().with("sequence", -1).binary()));

        UUID id = engine.outcomes.get(0).refusalId();
        var letter = engine.letters.get(0);
        assertThat(rows("SELECT id FROM refusal")).containsExactly(id.toString());
        assertThat(letter.outcomeId()).isEqualTo(id.toString());
        assertThat(letter.key()).isEqualTo("shop/www.example.com");
        assertThat(letter.eventId()).isEqualTo("www.example.com:1");
        assertThat(letter.offset()).isZero();
        assertThat(engine.outcomes.get(0).origin())
                .isEqualTo(new Outcome.Origin("kafka", "urn:certbot:web-3", "www.example.com:1",
                        null, "cert-renewed", 3, 0L));
        assertThat(engine.outcomes.get(0).timing().durationMs()).isEqualTo(5);
    }

    @Test
    void a_tombstone_has_no_hash_and_no_name() {
        consumer.consume(poll(EventBuilder.aRecord((byte[]) null, List.of())));

        var letter = engine.letters.get(0);
        assertThat(letter.valueSize()).isEqualTo(-1);
        assertThat(letter.valueSha256()).isNull();
        assertThat(letter.key()).isEqualTo(letter.outcomeId());
    }

    @Test
    void the_dead_letter_of_a_rejected_renewal_points_at_the_renewals_outcome() {
        consumer.consume(poll(anEvent().with("account", "nosuch").binary()));

        assertThat(engine.letters.get(0).outcomeId()).isEqualTo(engine.requests.get(0).id() + ".1");
        assertThat(engine.outcomes).isEmpty();
        assertThat(rows("SELECT id FROM refusal")).isEmpty();
    }

    @Test
    void a_conflict_is_a_refusal_that_names_the_known_renewal() {
        consumer.consume(poll(anEvent().binary(), anEvent().with("sequence", 1)
                .binary()));

        assertThat(rows("SELECT renewal FROM refusal")).containsExactly(engine.requests.get(0).id().toString());
        assertThat(engine.outcomes.get(0).renewalId()).isNull();
    }

    @Test
    void a_record_that_the_database_refuses_does_not_stop_the_others() {
        consumer.consume(poll(anEvent().attribute("id", "1").binary(),
                anEvent().attribute("id", "2").with("certificateName", "poison").binary(),
                anEvent().attribute("id", "3").binary()));

        assertThat(rows("SELECT id FROM accepted")).hasSize(2);
        assertThat(rows("SELECT reason_code || ' ' || record_offset FROM refusal")).containsExactly("BUG 1");
        assertThat(engine.outcomes).hasSize(1);
        assertThat(status.rejected(ReasonCode.BUG)).isEqualTo(1);
    }

    @Test
    void a_bug_of_ours_does_not_stop_the_others() {
        consumer.consume(poll(anEvent().attribute("id", "1").with("certificateName", "bug").binary(),
                anEvent().attribute("id", "2").binary()));

        assertThat(rows("SELECT id FROM accepted")).hasSize(1);
        assertThat(rows("SELECT reason_code FROM refusal")).containsExactly("BUG");
    }

    @Test
    void a_database_that_is_away_is_waited_for() {
        refusedConnections.set(7);

        consumer.consume(poll(anEvent().binary(), EventBuilder.aRecord("no json", List.of())));

        assertThat(refusedConnections).hasValue(0);
        assertThat(rows("SELECT id FROM accepted")).hasSize(1);
        assertThat(engine.outcomes).hasSize(1);
        assertThat(status.waitingForDatabase()).isFalse();
    }

    @Test
    void private_keys_are_gone_when_the_poll_is_stored() {
        consumer.consume(poll(anEvent().binary()));

        var key = engine.requests.get(0).bundle().keyPem();
        assertThatThrownBy(key::reveal).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void at_the_end_of_the_application_what_is_not_stored_is_not_acknowledged() {
        refusedConnections.set(Integer.MAX_VALUE);
        databaseWait.stop(new ShutdownEvent());

        assertThatThrownBy(() -> consumer.consume(poll(anEvent().binary())))
                .isInstanceOf(DatabaseWait.ApplicationStopping.class);
    }

    private List<String> rows(String sql) {
        return jdbi.withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }

    private static ConsumerRecords<byte[], byte[]> poll(IncomingRecord... records) {
        var polled = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (IncomingRecord record : records) {
            var headers = new RecordHeaders();
            record.headers().forEach(header -> headers.add(header.name(), header.value()));
            polled.add(
                    new ConsumerRecord<>(record.place().topic(), record.place().partition(), polled.size(), record.timestamp(),
                            TimestampType.CREATE_TIME, -1, -1, null, record.value(), headers, Optional.empty()));
        }
        return new ConsumerRecords<>(Map.of(new TopicPartition(EventBuilder.TOPIC, 3), polled), Map.of());
    }
}
