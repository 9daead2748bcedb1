package io.certcourier.bridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;

import io.certcourier.certificate.TestCa;

/**
 * Pebble, the ACME server that Let's Encrypt tests its clients with, and a name server that finds every name on this machine.
 * It issues only what it has validated: by HTTP, on {@link #httpPort()}.
 */
final class PebbleCa implements AutoCloseable {

    private final Path folder;
    private final int acmePort = freePort();
    private final int httpPort = freePort();
    private final List<Process> processes = new ArrayList<>();

    private PebbleCa(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** Starts both servers and returns when the CA listens; their logs are in the folder. */
    static PebbleCa start(Path folder) {
        var ca = new PebbleCa(folder);
        try {
            Files.createDirectories(folder);
            ca.writeFiles();
            String dns = "127.0.0.1:" + freePort();
            ca.launch("names.log", Map.of(), "pebble-challtestsrv", "-dns01", dns, "-management", "127.0.0.1:" + freePort(),
                    "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", "");
            // by default it refuses every twentieth nonce, and certbot asks only once more
            var tame = Map.of("PEBBLE_VA_NOSLEEP", "1", "PEBBLE_WFE_NONCEREJECT", "0");
            ca.launch("pebble.log", tame, "pebble", "-strict", "-dnsserver", dns, "-config",
                    ca.folder.resolve("pebble.json").toString());
            Awaitility.await("pebble, see " + folder).atMost(Duration.ofSeconds(30)).until(ca::listens);
            return ca;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeFiles() throws IOException {
        var tls = TestCa.create().issue("localhost");
        Files.writeString(root(), tls.rootPem());
        Files.writeString(folder.resolve("tls.pem"), tls.fullChainPem());
        Files.writeString(folder.resolve("tls.key"), tls.keyPem());
        Files.writeString(folder.resolve("pebble.json"), """
                {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                  "certificate": "%s", "privateKey": "%s", "httpPort": %d, "tlsPort": %d,
                  "ocspResponderURL": "", "externalAccountBindingRequired": false}}
                """.formatted(acmePort, freePort(), folder.resolve("tls.pem"), folder.resolve("tls.key"), httpPort,
                freePort()));
    }

    private void launch(String log, Map<String, String> environment, String... command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve(log).toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        processes.add(process);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    private boolean listens() {
        if (!processes.stream().allMatch(Process::isAlive)) {
            throw new IllegalStateException("it ended by itself, see " + folder);
        }
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), acmePort), 500);
            return true;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    String directory() {
        return "https://localhost:" + acmePort + "/dir";
    }

    /** The root of the server's own TLS certificate; not of those it issues. */
    Path root() {
        return folder.resolve("root.pem");
    }

    /** Where it asks for the answer to an HTTP-01 challenge. */
    int httpPort() {
        return httpPort;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
