package io.certcourier.intake;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.certcourier.intake.IncomingRecord.Header;

/** The headers of a request in the words of the Kafka binding, so that one reader knows one kind of envelope. */
final class HttpHeaders {

    private static final String PREFIX = "ce-";
    private static final String IDEMPOTENCY_KEY = "idempotency-key";

    private HttpHeaders() {
    }

    /** Only those that an envelope is made of; the others, credentials among them, are not looked at. */
    static List<Header> envelope(Map<String, List<String>> headers) {
        var found = new ArrayList<Header>();
        headers.forEach((given, values) -> {
            String name = given.toLowerCase(Locale.ROOT);
            if (name.startsWith(PREFIX)) {
                values.forEach(value -> found.add(new Header("ce_" + name.substring(PREFIX.length()), decoded(value))));
            } else if (name.equals("content-type") || name.equals("traceparent")) {
                values.forEach(value -> found.add(new Header(name, value.getBytes(StandardCharsets.UTF_8))));
            }
        });
        return found;
    }

    /** Null if there is none; if it occurs twice, a text that no key can be. */
    static String idempotencyKey(Map<String, List<String>> headers) {
        var keys = headers.entrySet().stream()
                .filter(header -> header.getKey().toLowerCase(Locale.ROOT).equals(IDEMPOTENCY_KEY))
                .flatMap(header -> header.getValue().stream()).toList();
        return keys.isEmpty() ? null : String.join("\n", keys);
    }

    /** CloudEvents' HTTP binding: first the quotes, then the percent signs; null, which is refused, if they are malformed. */
    private static byte[] decoded(String value) {
        String text = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
                : value;
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '%') {
                bytes.writeBytes(String.valueOf(text.charAt(i)).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            if (i + 3 > text.length() || !text.substring(i + 1, i + 3).matches("[0-9A-Fa-f]{2}")) {
                return null;
            }
            bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
            i += 2;
        }
        return bytes.toByteArray();
    }
}
