package io.certcourier.scm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server at byte level: shows requests as they came over the wire, and answers, or fails, as told. */
final class WireServer implements AutoCloseable {

    /** @param target as in the request line; headers by lower-case name */
    record Request(String method, String target, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, UTF_8);
        }
    }

    interface Reaction {
        void to(Request request, Socket connection) throws IOException;
    }

    private final ServerSocket socket;
    private final Deque<Reaction> reactions = new ConcurrentLinkedDeque<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    WireServer() throws IOException {
        this(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
    }

    WireServer(ServerSocket socket) {
        this.socket = socket;
        start(this::accept);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** The next answers, in order; the last one stays. */
    WireServer then(Reaction reaction) {
        reactions.add(reaction);
        return this;
    }

    WireServer then(int status, String body, String... headers) {
        return then((request, connection) -> answer(connection, status, body, headers));
    }

    List<Request> requests() {
        return requests;
    }

    Request request() {
        return requests.get(requests.size() - 1);
    }

    int connectionsSeen() {
        return accepted.get();
    }

    static void answer(Socket connection, int status, String body, String... headers) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        String head = "HTTP/1.1 " + status + " x\r\n" + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList())
                + (status == 204 ? "" : "Content-Length: " + bytes.length + "\r\n") + "\r\n";
        OutputStream out = connection.getOutputStream();
        out.write(head.getBytes(ISO_8859_1));
        out.write(bytes);
        out.flush();
    }

    static void reset(Socket connection) throws IOException {
        connection.setSoLinger(true, 0);
        connection.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connection.setTcpNoDelay(true);
                accepted.incrementAndGet();
                connections.add(connection);
                start(() -> serve(connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (Request request = read(in); request != null; request = read(in)) {
                requests.add(request);
                Reaction reaction = reactions.size() > 1 ? reactions.poll() : reactions.peek();
                reaction.to(request, connection);
            }
        } catch (IOException e) {
            // the client hung up, which some tests want
        }
    }

    private static Request read(InputStream in) throws IOException {
        Deque<String> lines = new ArrayDeque<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            lines.add(line);
        }
        if (lines.isEmpty()) {
            return null;
        }
        String[] first = lines.poll().split(" ");
        Map<String, String> headers = new TreeMap<>();
        lines.stream().map(line -> line.split(":", 2)).filter(header -> header.length == 2)
                .forEach(header -> headers.put(header[0].toLowerCase(Locale.ROOT), header[1].strip()));
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Request(first[0], first[1], headers, body);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            if (octet == '\n') {
                return line.toString().strip();
            }
            line.append((char) octet);
        }
        return null;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "wire-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
