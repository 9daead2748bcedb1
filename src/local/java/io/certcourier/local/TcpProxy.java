package io.certcourier.local;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A TCP proxy on loopback for one server, with the faults of a network, to be switched while connections are open. */
public final class TcpProxy implements AutoCloseable {

    /** What the network does. */
    public enum Fault {
        /** Nothing: bytes pass. */
        PASS,
        /** Nobody listens: new connections are refused, open ones broken off. */
        REFUSE,
        /** New connections are taken and open ones kept, but no byte passes. */
        HANG,
        /** Open and new connections are reset. */
        RESET
    }

    private final int port;
    private final int upstreamPort;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object change = new Object();
    private ServerSocket listener;
    private Fault fault = Fault.PASS;
    private Duration delay = Duration.ZERO;
    private boolean closed;

    private TcpProxy(int port, int upstreamPort) {
        this.port = port;
        this.upstreamPort = upstreamPort;
    }

    /**
     * Starts in {@link Fault#PASS}.
     *
     * @param port 0 takes a free one
     * @param upstreamPort of the server, on loopback; it need not run yet
     */
    public static TcpProxy start(int port, int upstreamPort) {
        var proxy = new TcpProxy(Ports.orFree(port), upstreamPort);
        synchronized (proxy.change) {
            proxy.listen();
        }
        return proxy;
    }

    public int port() {
        return port;
    }

    /** From now on this happens, to open connections too. */
    public void fault(Fault next) {
        synchronized (change) {
            fault = next;
            if (next == Fault.REFUSE) {
                quietly(listener);
                listener = null;
            } else if (listener == null) {
                listen();
            }
            change.notifyAll();
        }
        if (next == Fault.REFUSE || next == Fault.RESET) {
            open.forEach(TcpProxy::reset);
        }
    }

    /** Every chunk of bytes passes so much later, in both directions; zero ends it. */
    public void delay(Duration next) {
        synchronized (change) {
            delay = next;
            change.notifyAll();
        }
    }

    @Override
    public void close() {
        fault(Fault.REFUSE);
        synchronized (change) {
            closed = true;
            change.notifyAll();
        }
    }

    private void listen() {
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + port, e);
        }
        ServerSocket current = listener;
        thread("accept", () -> accept(current));
    }

    private void accept(ServerSocket current) {
        while (!current.isClosed()) {
            try {
                serve(current.accept());
            } catch (IOException e) {
                continue; // closed by a fault, or the client has already gone
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        synchronized (change) {
            if (fault == Fault.RESET || fault == Fault.REFUSE) {
                reset(client);
                return;
            }
        }
        thread("connect", () -> {
            try {
                awaitPassage(); // a hanging network does not reach the server at all
                var server = new Socket(InetAddress.getLoopbackAddress(), upstreamPort);
                open.add(server);
                thread("up", () -> copy(client, server));
                thread("down", () -> copy(server, client));
            } catch (IOException e) {
                reset(client); // the server is down: its clients notice
            }
        });
    }

    private void copy(Socket from, Socket to) {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[16384];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                awaitPassage();
                out.write(chunk, 0, length);
            }
        } catch (IOException e) {
            reset(from);
            reset(to);
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    /** Returns once bytes may pass; throws if this connection cannot live any longer. */
    private void awaitPassage() throws IOException {
        synchronized (change) {
            try {
                if (delay.toMillis() > 0) {
                    awaitDelay();
                }
                while (fault == Fault.HANG && !closed) {
                    change.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SocketException("interrupted");
            }
            if (closed || fault != Fault.PASS) {
                throw new SocketException("cut by the proxy");
            }
        }
    }

    private void awaitDelay() throws InterruptedException {
        long end = System.nanoTime() + delay.toNanos();
        for (long left = delay.toNanos(); left > 0 && !delay.isZero() && !closed; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(change, Math.max(left, 1_000_000));
        }
    }

    private void thread(String role, Runnable work) {
        var thread = new Thread(work, "tcp-proxy-" + port + "-" + role);
        thread.setDaemon(true);
        thread.start();
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0); // close sends RST instead of FIN
        } catch (SocketException e) {
            // closed already
        }
        quietly(socket);
    }

    private static void quietly(Closeable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (IOException e) {
            // closing is all we wanted
        }
    }
}
