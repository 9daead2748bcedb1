package io.certcourier.scm;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What an error answer says: SCM's or the gateway's error_code and error_msg, made fit for logs and events. Prints nothing that
 * is not fit.
 *
 * @param code null if none came
 * @param message printable, at most 512 characters, without secrets; null if none came
 * @param sent the message as it came, for matching only; may repeat headers or body
 * @param requestId null if none came
 */
record ErrorText(String code, String message, String sent, String requestId) {

    private static final ErrorText NONE = new ErrorText(null, null, null, null);
    private static final int LONGEST = 512;
    private static final String[] ANY = { "error_code", "error_msg", "code", "message" };
    private static final Pattern CODE = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{2,63}");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+");
    private static final Pattern PEM = Pattern.compile("-----BEGIN.*", Pattern.DOTALL);
    private static final Pattern LONG_TOKEN = Pattern.compile("[A-Za-z0-9+/=_-]{40,}");

    /** A refused signature may be explained by the signed headers, token included: of such a text only these words are kept. */
    private static final List<String> KNOWN_AUTHENTICATION_TEXTS = List.of("verify aksk signature fail", "Get secretKey failed",
            "ak not exist", "AK access failed to reach the limit", "signature expired", "decrypt token fail", "token expires",
            "x-auth-token not found");

    /** HTML, plain text and nothing, as sent by what stands between us and SCM, say nothing. */
    static ErrorText of(ScmReply reply) {
        JsonNode root = ScmJson.tree(reply.body()).filter(JsonNode::isObject).orElse(null);
        if (root == null) {
            return NONE;
        }
        JsonNode teller = teller(root);
        String code = first(teller, "error_code", "code");
        code = code != null && CODE.matcher(code).matches() ? code : null;
        String message = first(teller, "error_msg", "message");
        return new ErrorText(code, fit(message, aboutAuthentication(reply.status(), code)), message,
                ScmReply.requestIdOrNull(first(root, "request_id")));
    }

    /** A message from within a successful answer. */
    static ErrorText inside(String message) {
        return new ErrorText(null, fit(message, false), message, null);
    }

    /** The object that carries the error: the body itself, else one inside it. */
    private static JsonNode teller(JsonNode root) {
        if (first(root, ANY) == null) {
            for (JsonNode inner : root) {
                if (first(inner, ANY) != null) {
                    return inner;
                }
            }
        }
        return root;
    }

    private static String first(JsonNode object, String... names) {
        for (String name : names) {
            JsonNode value = object.get(name);
            if (value != null && value.isValueNode() && !value.isNull()) {
                return value.asText();
            }
        }
        return null;
    }

    private static boolean aboutAuthentication(int status, String code) {
        boolean gateway = code == null || !code.startsWith("SCM.");
        return gateway && (status == 401 || code != null && code.endsWith(".0301"));
    }

    private static String fit(String message, boolean aboutAuthentication) {
        if (message == null) {
            return null;
        }
        String text = aboutAuthentication
                ? String.join(", ", KNOWN_AUTHENTICATION_TEXTS.stream().filter(known -> mentions(message, known)).toList())
                : LONG_TOKEN.matcher(UNPRINTABLE.matcher(PEM.matcher(message).replaceAll("***")).replaceAll(" "))
                        .replaceAll("***").strip();
        return text.isEmpty() ? null : cut(text);
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
    }

    static boolean mentions(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return code + ": " + message;
    }
}
