package io.certcourier.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on loopback. */
public final class Ports {

    /** Below what systems give to clients and to listeners that do not care: nobody else is given one before we use it. */
    private static final int LOWEST = 16_384;
    private static final int HIGHEST = 32_767;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {
    }

    /** A port that nobody listens on, and that this JVM is given only once. */
    public static int free() {
        var random = ThreadLocalRandom.current();
        while (true) {
            int port = random.nextInt(LOWEST, HIGHEST + 1);
            if (!isTaken(port) && GIVEN.add(port)) {
                return port;
            }
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
