package io.certcourier.local.scm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies SDK-HMAC-SHA256 from what arrived on the wire. Path and query are decoded and encoded again, because HTTP libraries
 * send other spellings than were signed ({@code *} raw for {@code %2A}, {@code %7E} for {@code ~}).
 */
final class SignatureCheck {

    static final String ALGORITHM = "SDK-HMAC-SHA256";

    private static final Pattern AUTHORIZATION = Pattern
            .compile(ALGORITHM + " Access=([^,\\s]+), ?SignedHeaders=([^,\\s]+), ?Signature=([0-9a-f]{64})");
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    /**
     * @param header first value of a header by its lower-case name, null if absent.
     * @param query raw, null for none
     */
    record Request(String method, String path, String query, UnaryOperator<String> header, byte[] body) {
    }

    /**
     * The header taken apart.
     *
     * @param signedHeaders lower case, as listed
     */
    record Authorization(String accessKey, List<String> signedHeaders, String signature) {

        static Optional<Authorization> parse(String header) {
            var match = AUTHORIZATION.matcher(header);
            return match.matches()
                    ? Optional.of(new Authorization(match.group(1), List.of(match.group(2).split(";")), match.group(3)))
                    : Optional.empty();
        }

        /** Host and date must be signed, and every header named must have arrived. */
        boolean covers(Request request) {
            return signedHeaders.contains("host") && signedHeaders.contains("x-sdk-date")
                    && signedHeaders.stream().allMatch(name -> request.header().apply(name) != null);
        }
    }

    private SignatureCheck() {
    }

    static boolean matches(Request request, Authorization authorization, String secretKey) {
        var expected = signature(request, authorization.signedHeaders(), secretKey);
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.US_ASCII),
                authorization.signature().getBytes(StandardCharsets.US_ASCII));
    }

    static String signature(Request request, List<String> signedHeaders, String secretKey) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return hex(mac.doFinal(stringToSign(request, signedHeaders).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java runtime has no HmacSHA256", impossible);
        }
    }

    static String stringToSign(Request request, List<String> signedHeaders) {
        var canonical = canonicalRequest(request, signedHeaders).getBytes(StandardCharsets.UTF_8);
        return ALGORITHM + "\n" + request.header().apply("x-sdk-date") + "\n" + sha256(canonical);
    }

    static String canonicalRequest(Request request, List<String> signedHeaders) {
        var text = new StringBuilder();
        text.append(request.method()).append('\n').append(canonicalPath(request.path())).append('\n')
                .append(canonicalQuery(request.query())).append('\n');
        for (var name : signedHeaders) {
            text.append(name).append(':').append(request.header().apply(name)).append('\n');
        }
        var announced = request.header().apply("x-sdk-content-sha256");
        return text.append('\n').append(String.join(";", signedHeaders)).append('\n')
                .append(announced == null ? sha256(request.body()) : announced).toString();
    }

    private static String canonicalPath(String path) {
        var encoded = Arrays.stream(path.split("/", -1)).map(SignatureCheck::encodeAgain).collect(Collectors.joining("/"));
        return encoded.endsWith("/") ? encoded : encoded + "/";
    }

    private static String canonicalQuery(String query) {
        if (query == null || query.isEmpty()) {
            return "";
        }
        var pairs = new ArrayList<Map.Entry<String, String>>();
        for (var pair : query.split("&")) {
            var equals = pair.indexOf('=');
            var name = equals < 0 ? pair : pair.substring(0, equals);
            pairs.add(Map.entry(encodeAgain(name), encodeAgain(equals < 0 ? "" : pair.substring(equals + 1))));
        }
        pairs.sort(Comparator.comparing(Map.Entry::getKey)); // stable: the values of a repeated name stay in order
        return pairs.stream().map(pair -> pair.getKey() + "=" + pair.getValue()).collect(Collectors.joining("&"));
    }

    private static String encodeAgain(String raw) {
        var text = new StringBuilder();
        for (var octet : percentDecode(raw)) {
            if (UNRESERVED.indexOf(octet) >= 0) {
                text.append((char) octet);
            } else {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return text.toString();
    }

    /** A plus stays a plus: only {@code %20} is a space in what gets signed. */
    static byte[] percentDecode(String raw) {
        var in = raw.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream(in.length);
        for (var i = 0; i < in.length; i++) {
            if (in[i] == '%' && i + 2 < in.length && HexFormat.isHexDigit(in[i + 1]) && HexFormat.isHexDigit(in[i + 2])) {
                out.write(HexFormat.fromHexDigit(in[i + 1]) << 4 | HexFormat.fromHexDigit(in[i + 2]));
                i += 2;
            } else {
                out.write(in[i]);
            }
        }
        return out.toByteArray();
    }

    private static String sha256(byte[] bytes) {
        try {
            return hex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java runtime has no SHA-256", impossible);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
