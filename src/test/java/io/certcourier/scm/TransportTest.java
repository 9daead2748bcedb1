package io.certcourier.scm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the network can do to a call, and what we may say afterwards. */
class TransportTest {

    private static final Duration DEADLINE = Duration.ofMillis(1500);
    /** Of servers that never come to an end; busy machines are slow, but not that slow. */
    private static final Duration WELL_BEFORE_THE_SERVER = Duration.ofSeconds(15);

    private final PlainConnections connections = new PlainConnections(DEADLINE);
    /** For calls that no deadline is to end. */
    private final PlainConnections patient = new PlainConnections(WELL_BEFORE_THE_SERVER);
    private final CountDownLatch end = new CountDownLatch(1);
    private WireServer server;

    @BeforeEach
    void start() throws IOException {
        server = new WireServer();
    }

    @AfterEach
    void stop() throws IOException {
        end.countDown();
        connections.close();
        patient.close();
        server.close();
    }

    private ScmClient clientOf(URI endpoint) {
        return Scm.aConfig().deadline(DEADLINE).at(endpoint).client(Clock.systemUTC(), connections);
    }

    private ScmFailure failureOf(URI endpoint) {
        return failureOf(clientOf(endpoint));
    }

    /** Where TLS is spoken, or tried: its first use in a process takes seconds on a busy host. */
    private ScmFailure failureOfTls(int port) {
        return failureOf(patientClientOf(URI.create("https://127.0.0.1:" + port)));
    }

    private ScmClient patientClientOf(URI endpoint) {
        return Scm.aConfig().deadline(WELL_BEFORE_THE_SERVER).at(endpoint).client(Clock.systemUTC(), patient);
    }

    private static ScmFailure failureOf(ScmClient client) {
        return catchThrowableOfType(ScmFailure.class,
                () -> client.importCertificate("prod", "name", "leaf", "chain", Scm.aKey()));
    }

    private void hang() {
        try {
            end.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertUnknown(ScmFailure failure) {
        assertThat(failure).isInstanceOf(ScmFailure.Unavailable.class);
        assertThat(failure.details().reasonCode()).isEqualTo("PROVIDER_UNAVAILABLE");
        assertThat(failure.details().httpStatus()).isNull();
    }

    @Test
    void a_refused_connection_did_nothing() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        assertThat(failureOf(URI.create("http://127.0.0.1:" + port))).isInstanceOf(ScmFailure.NotDone.class);
    }

    @Test
    void an_unknown_host_did_nothing() {
        assertThat(failureOf(URI.create("https://scm.invalid"))).isInstanceOf(ScmFailure.NotDone.class);
    }

    @Test
    void an_endpoint_that_speaks_no_tls_is_the_configurations_fault() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            everyConnection(plain, connection -> {
                connection.getInputStream().read();
                WireServer.answer(connection, 400, "no TLS here");
                hang();
            });

            ScmFailure failure = failureOfTls(plain.getLocalPort());

            assertThat(failure).isInstanceOf(ScmFailure.Denied.class);
            assertThat(failure.details().reasonCode()).isEqualTo("PROVIDER_ENDPOINT");
        }
    }

    private interface Reaction {
        void to(Socket connection) throws IOException;
    }

    private static void everyConnection(ServerSocket server, Reaction reaction) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    reaction.to(server.accept());
                }
            } catch (IOException e) {
                // closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_the_configurations_fault() throws Exception {
        try (WireServer tls = new WireServer(TlsServer.withSelfSignedCertificate())) {
            ScmFailure failure = failureOfTls(tls.uri().getPort());

            assertThat(failure).isInstanceOf(ScmFailure.Denied.class);
            assertThat(failure.details().reasonCode()).isEqualTo("PROVIDER_ENDPOINT");
        }
    }

    @Test
    void a_call_that_never_began_did_nothing() throws IOException {
        try (ServerSocket never = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            ScmClient client = Scm.aConfig().deadline(Duration.ofNanos(1))
                    .at(URI.create("http://127.0.0.1:" + never.getLocalPort()))
                    .client(Clock.systemUTC(), connections);

            assertThat(failureOf(client)).isInstanceOf(ScmFailure.NotDone.class);
        }
    }

    @Test
    void a_handshake_that_breaks_off_did_nothing() throws IOException {
        try (ServerSocket hangingUp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            everyConnection(hangingUp, Socket::close);

            ScmFailure failure = failureOfTls(hangingUp.getLocalPort());

            assertThat(failure).isInstanceOf(ScmFailure.NotDone.class);
        }
    }

    @Test
    void a_handshake_that_never_ends_did_nothing() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(failureOf(URI.create("https://127.0.0.1:" + silent.getLocalPort())))
                    .isInstanceOf(ScmFailure.NotDone.class);
        }
    }

    @Test
    void a_reset_instead_of_an_answer_leaves_the_outcome_unknown() {
        server.then((request, connection) -> WireServer.reset(connection));

        assertUnknown(failureOf(server.uri()));
    }

    @Test
    void a_hang_up_instead_of_an_answer_leaves_the_outcome_unknown() {
        server.then((request, connection) -> connection.close());

        assertUnknown(failureOf(server.uri()));
        assertThat(server.requests()).as("never repeated").hasSize(1);
    }

    @Test
    void a_truncated_answer_leaves_the_outcome_unknown() {
        server.then((request, connection) -> {
            connection.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"certificate_id\":\"scs1\""
                    .getBytes(StandardCharsets.US_ASCII));
            connection.close();
        });

        assertUnknown(failureOf(server.uri()));
    }

    @Test
    void silence_ends_at_the_deadline() {
        server.then((request, connection) -> hang());
        long start = System.nanoTime();

        ScmFailure failure = failureOf(server.uri());

        assertUnknown(failure);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(DEADLINE.multipliedBy(9).dividedBy(10),
                WELL_BEFORE_THE_SERVER);
    }

    @Test
    void an_answer_that_drips_ends_at_the_deadline() {
        server.then((request, connection) -> {
            connection.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (end.getCount() > 0) {
                connection.getOutputStream().write(' ');
                waitAMoment();
            }
        });
        long start = System.nanoTime();

        ScmFailure failure = failureOf(server.uri());

        assertUnknown(failure);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(DEADLINE.multipliedBy(9).dividedBy(10),
                WELL_BEFORE_THE_SERVER);
    }

    private void waitAMoment() {
        try {
            end.await(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void an_endless_answer_is_cut_off() {
        CountDownLatch hungUp = new CountDownLatch(1);
        server.then((request, connection) -> {
            byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            connection.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            try {
                for (int sent = 0; sent < 1 << 30; sent += 0x10000) {
                    connection.getOutputStream().write(chunk);
                }
            } catch (IOException e) {
                hungUp.countDown();
                throw e;
            }
        });

        assertUnknown(failureOf(server.uri()));
        await().until(() -> hungUp.getCount() == 0);
    }

    @Test
    void a_large_list_is_read() {
        String page = "{\"certificates\":[" + "{\"id\":\"a\",\"description\":\"" + "x".repeat(3_000_000)
                + "\"}],\"total_count\":1}";
        server.then(200, page);

        assertThat(clientOf(server.uri()).list("prod", 0).value().certificates()).hasSize(1);
    }

    @Test
    void a_redirect_is_not_followed() {
        server.then(302, "", "Location: " + server.uri() + "/elsewhere");

        ScmFailure failure = failureOf(server.uri());

        assertThat(failure).isInstanceOf(ScmFailure.Denied.class);
        assertThat(failure.details().reasonCode()).isEqualTo("PROVIDER_ENDPOINT");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void one_connection_serves_calls_in_a_row() {
        server.then(200, "{\"certificates\":[],\"total_count\":0}");
        ScmClient client = patientClientOf(server.uri());

        IntStream.range(0, 20).forEach(i -> client.list("prod", 0));

        assertThat(server.connectionsSeen()).isEqualTo(1);
    }

    @Test
    void sixty_four_calls_run_at_once_and_timed_out_ones_hold_no_connection_back() throws Exception {
        CountDownLatch all = new CountDownLatch(64);
        server.then((request, connection) -> {
            all.countDown();
            try {
                all.await(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            WireServer.answer(connection, 200, "{\"certificates\":[],\"total_count\":0}");
        });
        ScmClient client = Scm.aConfig().at(server.uri()).client(Clock.systemUTC(), patient);
        ExecutorService workers = Executors.newFixedThreadPool(64);
        try {
            Callable<Integer> call = () -> client.list("prod", 0).value().totalCount();

            List<Future<Integer>> answers = workers.invokeAll(IntStream.range(0, 64).mapToObj(i -> call).toList());

            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isZero();
            }
        } finally {
            workers.shutdown();
        }
    }
}
