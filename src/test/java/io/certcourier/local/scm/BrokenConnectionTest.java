package io.certcourier.local.scm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokenConnectionTest {

    private static ScmEmulator emulator;
    private static EmulatorClient client;

    @BeforeAll
    static void start() {
        emulator = ScmEmulator.start(0);
        emulator.addAccount(new EmulatedAccount("raw", "d1", Set.of()).withIamToken("raw-token"));
        client = new EmulatorClient(emulator);
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @BeforeEach
    void reset() {
        emulator.reset();
    }

    @Test
    void lost_answer_by_reset_leaves_the_effect() {
        emulator.faults().add(Fault.of(FaultKind.LOST_RESET).on(Operation.IMPORT));

        assertThatThrownBy(() -> client.importCertificate("web-0001", TestCertificates.CA.issue("a.example")))
                .hasCauseInstanceOf(IOException.class);

        assertThat(emulator.ledger().created("web-0001")).hasSize(1);
        assertThat(emulator.ledger().callsFor("web-0001")).extracting(LedgerEntry::status).containsOnly("lost");
        assertThat(emulator.ledger().last().fault()).isEqualTo("lost-reset");
    }

    @Test
    void reset_before_the_effect_leaves_nothing() {
        emulator.faults().add(Fault.of(FaultKind.RESET_BEFORE).on(Operation.IMPORT));

        assertThatThrownBy(() -> client.importCertificate("web-0001", TestCertificates.CA.issue("a.example")))
                .hasCauseInstanceOf(IOException.class);

        assertThat(emulator.ledger().created("web-0001")).isEmpty();
        assertThat(emulator.ledger().last().status()).isEqualTo("lost");
    }

    @Test
    void reset_is_a_reset_and_not_an_orderly_end() throws IOException {
        emulator.faults().add(Fault.of(FaultKind.RESET_BEFORE));

        try (var socket = rawList()) {
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void lost_answer_by_silence_leaves_the_effect_and_the_connection_open() {
        emulator.faults().add(Fault.of(FaultKind.LOST_HANG).on(Operation.IMPORT));

        var call = CompletableFuture
                .supplyAsync(() -> client.importCertificate("web-0001", TestCertificates.CA.issue("a.example")));

        await().until(() -> emulator.ledger().created("web-0001").size() == 1);
        assertThat(call).isNotDone();
        assertThat(emulator.ledger().last().status()).isEqualTo("lost");
        call.cancel(true);
    }

    @Test
    void accepted_call_can_stay_without_answer_and_effect() throws IOException {
        emulator.faults().add(Fault.of(FaultKind.NEVER_ANSWER));

        try (var socket = rawList()) {
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(emulator.ledger().last().effects()).isEmpty();
    }

    @Test
    void connections_can_be_refused_for_a_while() {
        client.list("");
        emulator.refuseConnections(Duration.ofMillis(400));

        await().atMost(Duration.ofMillis(300))
                .untilAsserted(() -> assertThatThrownBy(() -> new Socket("127.0.0.1", emulator.port()).close())
                        .isInstanceOf(ConnectException.class));
        await().until(() -> {
            try (var socket = new Socket("127.0.0.1", emulator.port())) {
                return socket.isConnected();
            } catch (ConnectException refused) {
                return false;
            }
        });
        assertThat(client.list("").status()).isEqualTo(200);
    }

    @Test
    void fault_can_refuse_connections_from_a_call_on() {
        emulator.faults().add(Fault.of(FaultKind.REFUSE_CONNECTIONS).on(Operation.LIST).with("millis", 300));

        assertThatThrownBy(() -> client.list("")).hasCauseInstanceOf(IOException.class);

        await().ignoreExceptions().until(() -> client.list("").status() == 200);
        assertThat(emulator.faults().struck(FaultKind.REFUSE_CONNECTIONS)).isEqualTo(1);
    }

    @Test
    void slow_answer_arrives_whole() {
        emulator.faults().add(Fault.of(FaultKind.SLOW_BYTES).with("bytes", 5).with("millis", 20));
        var begin = System.nanoTime();

        var reply = client.list("");

        assertThat(reply.json().getInteger("total_count")).isZero();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                .isGreaterThanOrEqualTo(reply.body().length() / 5 * 20L);
    }

    @Test
    void latency_delays_the_answer_but_not_the_effect_and_adds_to_faults() {
        emulator.faults().add(Fault.of(FaultKind.LATENCY).on(Operation.LIST).with("millis", 150).with("jitter", 20),
                Fault.of(FaultKind.STATUS).on(Operation.LIST));
        var begin = System.nanoTime();

        var reply = client.list("");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isGreaterThanOrEqualTo(150);
        assertThat(client.list("").status()).isEqualTo(200);
        assertThat(emulator.faults().struck(FaultKind.LATENCY)).isEqualTo(2);
    }

    @Test
    void answer_nobody_waits_for_is_lost() throws IOException {
        emulator.faults().add(Fault.of(FaultKind.LATENCY).with("millis", 300));

        rawList().close();

        await().untilAsserted(
                () -> assertThat(emulator.ledger().entries()).extracting(LedgerEntry::status).containsExactly("lost"));
    }

    @Test
    void request_that_breaks_off_is_on_record_without_effect() throws IOException {
        try (var socket = new Socket("127.0.0.1", emulator.port())) {
            send(socket, "POST /v3/scm/certificates/import HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
            await().until(() -> !emulator.ledger().entries().isEmpty());
        }

        await().untilAsserted(() -> assertThat(emulator.ledger().last().status()).isEqualTo("lost"));
        assertThat(emulator.ledger().last().effects()).isEmpty();
    }

    private static Socket rawList() throws IOException {
        var socket = new Socket("127.0.0.1", emulator.port());
        send(socket, "GET /v3/scm/certificates HTTP/1.1\r\nHost: x\r\nX-Auth-Token: raw-token\r\n\r\n");
        await().until(() -> emulator.ledger().entries().size() == 1 && !emulator.ledger().last().account().isEmpty());
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }
}
