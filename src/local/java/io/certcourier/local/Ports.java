package io.certcourier.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;

/** Ports on loopback. */
final class Ports {

    private Ports() {
    }

    /** A port that nobody listened on a moment ago. */
    static int free() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port itself, or a free one for 0. */
    static int orFree(int port) {
        return port == 0 ? free() : port;
    }

    /** Refuses to go on if a port is taken, before anything was started. */
    static void requireFree(Map<Part, Integer> parts) {
        parts.forEach((part, port) -> {
            if (isTaken(port)) {
                throw new LocalFailure(("Port %d, which %s needs, is taken (by another mvn -Plocal?): "
                        + "stop that program, or move ours with -Dport.%s=<free port>.").formatted(port, part.words(),
                                part.option()));
            }
        });
    }

    static boolean isTaken(int port) {
        return !canBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                || !canBind(new InetSocketAddress(port)); // somebody who listens on all addresses
    }

    /** Whether somebody on loopback takes a connection there. */
    static boolean accepts(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean canBind(InetSocketAddress address) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
