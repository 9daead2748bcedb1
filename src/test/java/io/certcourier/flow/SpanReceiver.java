package io.certcourier.flow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A collector of spans: OTLP over HTTP, as much of its protobuf as the tests ask about. */
final class SpanReceiver implements AutoCloseable {

    static final int INTERNAL = 1;
    static final int CLIENT = 3;
    static final int PRODUCER = 4;
    static final int CONSUMER = 5;
    private static final int ERROR = 2;

    /** @param parentId empty for a root; @param links each as trace id, colon, span id */
    record Received(String traceId, String spanId, String parentId, String name, int kind, Map<String, String> attributes,
            List<String> links, boolean failed) {

        String address() {
            return traceId + ":" + spanId;
        }
    }

    private final HttpServer server;
    private final List<Received> spans = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    SpanReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Received> named(String name) {
        return spans.stream().filter(span -> span.name().equals(name)).toList();
    }

    void forget() {
        spans.clear();
    }

    /** Everything that ever came, byte for byte. */
    String bytes() {
        return String.join("\n", requests);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            requests.add(new String(body, ISO_8859_1));
            for (var resource : messages(UnknownFieldSet.parseFrom(body), 1)) {
                for (var scope : messages(resource, 2)) {
                    messages(scope, 2).forEach(span -> spans.add(received(span)));
                }
            }
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Received received(UnknownFieldSet span) {
        var attributes = messages(span, 9).stream().collect(Collectors.toMap(a -> text(a, 1), a -> value(a), (x, y) -> y));
        var links = messages(span, 13).stream().map(link -> hex(link, 1) + ":" + hex(link, 2)).toList();
        boolean failed = messages(span, 15).stream().anyMatch(status -> number(status, 3) == ERROR);
        return new Received(hex(span, 1), hex(span, 2), hex(span, 4), text(span, 5), (int) number(span, 6), attributes, links,
                failed);
    }

    private static String value(UnknownFieldSet attribute) {
        var value = messages(attribute, 2).get(0);
        return value.hasField(1) ? text(value, 1) : Long.toString(number(value, 3));
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet message, int field) {
        return bytes(message, field).stream().map(SpanReceiver::parsed).toList();
    }

    private static UnknownFieldSet parsed(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ByteString> bytes(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList();
    }

    private static String text(UnknownFieldSet message, int field) {
        return bytes(message, field).stream().map(ByteString::toStringUtf8).findFirst().orElse("");
    }

    private static String hex(UnknownFieldSet message, int field) {
        return bytes(message, field).stream().map(b -> HexFormat.of().formatHex(b.toByteArray())).findFirst().orElse("");
    }

    private static long number(UnknownFieldSet message, int field) {
        return message.getField(field).getVarintList().stream().findFirst().orElse(0L);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
