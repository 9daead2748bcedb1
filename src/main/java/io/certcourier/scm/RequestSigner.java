package io.certcourier.scm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests with an access key by SDK-HMAC-SHA256, the algorithm of Huawei Cloud's gateway. Signs the bytes it is given,
 * so the caller must send exactly these. Keeps no state and may be shared by threads.
 */
final class RequestSigner {

    static final String DATE_HEADER = "X-Sdk-Date";

    private static final String ALGORITHM = "SDK-HMAC-SHA256";
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    private static final HexFormat HEX = HexFormat.of();
    private static final HexFormat UPPER_HEX = HexFormat.of().withUpperCase();

    private final String accessKey;
    private final SecretKeySpec secretKey;

    RequestSigner(String accessKey, String secretKey) {
        this.accessKey = accessKey;
        this.secretKey = new SecretKeySpec(secretKey.getBytes(UTF_8), "HmacSHA256");
    }

    /**
     * The value of the Authorization header.
     *
     * @param uri as sent; path and query are decoded and encoded again by the algorithm's own rule
     * @param headers everything to sign, at least Host and {@value #DATE_HEADER}; Content-Type is left out
     * @param body as sent; empty if there is none
     */
    String authorization(String method, URI uri, Map<String, String> headers, byte[] body) {
        SortedMap<String, String> signed = signedHeaders(headers);
        String text = stringToSign(signed.get(DATE_HEADER.toLowerCase(Locale.ROOT)),
                canonicalRequest(method, uri, headers, body));
        return ALGORITHM + " Access=" + accessKey + ", SignedHeaders=" + String.join(";", signed.keySet()) + ", Signature="
                + HEX.formatHex(hmac(text));
    }

    static String canonicalRequest(String method, URI uri, Map<String, String> headers, byte[] body) {
        SortedMap<String, String> signed = signedHeaders(headers);
        String lines = signed.entrySet().stream().map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining());
        return String.join("\n", method, canonicalPath(uri), canonicalQuery(uri), lines, String.join(";", signed.keySet()),
                HEX.formatHex(sha256(body)));
    }

    static String stringToSign(String date, String canonicalRequest) {
        return String.join("\n", ALGORITHM, date, HEX.formatHex(sha256(canonicalRequest.getBytes(UTF_8))));
    }

    private static SortedMap<String, String> signedHeaders(Map<String, String> headers) {
        SortedMap<String, String> signed = new TreeMap<>();
        headers.forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Content-Type") && name.indexOf('_') < 0) {
                signed.put(name.toLowerCase(Locale.ROOT), value);
            }
        });
        return signed;
    }

    /** Ends with a slash although the path that is sent does not. */
    private static String canonicalPath(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String encoded = Arrays.stream(path.split("/", -1)).map(part -> encode(decode(part))).collect(Collectors.joining("/"));
        return encoded.endsWith("/") ? encoded : encoded + "/";
    }

    private static String canonicalQuery(URI uri) {
        if (uri.getRawQuery() == null || uri.getRawQuery().isEmpty()) {
            return "";
        }
        List<String[]> pairs = new ArrayList<>();
        for (String pair : uri.getRawQuery().split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            pairs.add(new String[] { formDecoded(name), formDecoded(value) });
        }
        // the sort is stable: the values of a repeated name keep their order
        pairs.sort(Comparator.comparing(pair -> pair[0]));
        return pairs.stream().map(pair -> encode(pair[0]) + "=" + encode(pair[1])).collect(Collectors.joining("&"));
    }

    /** In a query, but not in a path, JAX-RS writes a space as plus. */
    private static String formDecoded(String text) {
        return decode(text.replace("+", "%20"));
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                int end = text.offsetByCodePoints(i, 1);
                bytes.writeBytes(text.substring(i, end).getBytes(UTF_8));
                i = end - 1;
            }
        }
        return bytes.toString(UTF_8);
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte octet : text.getBytes(UTF_8)) {
            if (octet > 0 && UNRESERVED.indexOf(octet) >= 0) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(UPPER_HEX.toHexDigits(octet));
            }
        }
        return encoded.toString();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private byte[] hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secretKey);
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}
