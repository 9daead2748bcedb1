package io.certcourier.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class LocalServersIT {

    @TempDir
    Path folder;

    @Test
    void a_record_outlives_kill_dash_nine_of_the_broker() throws Exception {
        try (LocalKafka kafka = LocalKafka.start(folder.resolve("kafka"), 0)) {
            kafka.createTopics();
            send(kafka.bootstrapServers(), "cert-renewed", "before");

            kafka.kill();
            kafka.restart();
            send(kafka.bootstrapServers(), "cert-renewed", "after");

            assertThat(values(kafka.bootstrapServers(), "cert-renewed", 6, 2)).containsExactlyInAnyOrder("before", "after");
        }
    }

    @Test
    void topics_take_the_limits_they_are_made_with() throws Exception {
        try (LocalKafka kafka = LocalKafka.start(folder.resolve("kafka"), 0)) {
            kafka.createTopics(LocalKafka.productTopics(1_100_000));

            send(kafka.bootstrapServers(), "cert-renewed", "x".repeat(1_048_576));

            assertThat(values(kafka.bootstrapServers(), "cert-renewed", 6, 1)).hasSize(1);
            assertThatThrownBy(() -> send(kafka.bootstrapServers(), "cert-renewed", "x".repeat(1_200_000)))
                    .hasCauseInstanceOf(RecordTooLargeException.class);
            assertThatThrownBy(() -> send(kafka.bootstrapServers(), "cert-renewd", "a topic nobody made"))
                    .hasCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void clients_behind_the_proxy_feel_the_network_fail_and_recover() throws Exception {
        int behindProxy = Ports.free();
        try (TcpProxy proxy = TcpProxy.start(0, behindProxy);
                LocalKafka kafka = LocalKafka.start(folder.resolve("kafka"), 0,
                        new LocalKafka.Proxied(behindProxy, proxy.port()))) {
            kafka.createTopics();

            for (TcpProxy.Fault fault : List.of(TcpProxy.Fault.REFUSE, TcpProxy.Fault.HANG, TcpProxy.Fault.RESET)) {
                proxy.fault(fault);
                assertThatThrownBy(() -> send(kafka.proxiedBootstrapServers(), "cert-renewed", "lost")).as("%s", fault)
                        .hasCauseInstanceOf(TimeoutException.class);
                proxy.fault(TcpProxy.Fault.PASS);
                send(kafka.proxiedBootstrapServers(), "cert-renewed", "after " + fault);
            }

            assertThat(values(kafka.bootstrapServers(), "cert-renewed", 6, 3)).containsExactlyInAnyOrder("after REFUSE",
                    "after HANG", "after RESET");
        }
    }

    @Test
    void a_committed_row_outlives_kill_dash_nine_of_the_database() throws SQLException {
        var id = UUID.randomUUID();
        try (LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"), 0)) {
            try (Connection connection = connect(postgres)) {
                execute(connection, "create table kept (id uuid)");
                execute(connection, "insert into kept values ('" + id + "')");

                postgres.kill(); // while the session is open
            }
            postgres.restart();

            assertThat(text(postgres, "select id from kept")).isEqualTo(id.toString());
            assertThat(text(postgres, "show fsync")).isEqualTo("on");
            assertThat(text(postgres, "show synchronous_commit")).isEqualTo("on");
        }
    }

    @Test
    void a_database_that_was_killed_with_its_jvm_starts_again_in_the_same_folder() throws SQLException {
        try (LocalPostgres first = LocalPostgres.start(folder.resolve("postgres"), 0)) {
            try (Connection connection = connect(first)) {
                execute(connection, "create table kept as select 'here' as word");
            }
            first.kill(); // leaves its pid file behind
        }

        try (LocalPostgres second = LocalPostgres.start(folder.resolve("postgres"), 0)) {
            assertThat(text(second, "select word from kept")).isEqualTo("here");
        }
    }

    @Test
    void a_folder_belongs_to_one_server_at_a_time() {
        try (LocalPostgres first = LocalPostgres.start(folder.resolve("postgres"), 0)) {
            assertThatThrownBy(() -> LocalPostgres.start(folder.resolve("postgres"), 0))
                    .isInstanceOf(LocalFailure.class).hasMessageContaining("in use by another run");
            assertThatThrownBy(() -> LocalPostgres.start(folder.resolve("other"), first.port()))
                    .isInstanceOf(LocalFailure.class).hasMessageContaining("Port " + first.port() + " is taken");
        }
    }

    @Test
    void a_taken_port_is_named_with_its_part_and_the_way_out() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ports = Map.of(Part.HTTP, other.getLocalPort());

            assertThatThrownBy(() -> Ports.requireFree(ports)).isInstanceOf(LocalFailure.class)
                    .hasMessageContaining("Port " + other.getLocalPort() + ", which the service's API needs, is taken")
                    .hasMessageContaining("-Dport.http=");
        }
    }

    private static Connection connect(LocalPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(LocalPostgres postgres, String query) throws SQLException {
        try (Connection connection = connect(postgres);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static void send(String bootstrapServers, String topic, String value) throws Exception {
        var config = Map.<String, Object> of("bootstrap.servers", bootstrapServers, "acks", "all", "max.block.ms", 3_000,
                "delivery.timeout.ms", 20_000, "request.timeout.ms", 10_000, "max.request.size", 4_000_000);
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private static List<String> values(String bootstrapServers, String topic, int partitions, int expected) {
        var config = Map.<String, Object> of("bootstrap.servers", bootstrapServers);
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            var all = IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (values.size() < expected && System.nanoTime() < limit) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
