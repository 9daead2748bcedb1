package io.certcourier.scm;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

import jakarta.ws.rs.core.Response;

/**
 * An answer of whoever answered at the endpoint, unread. Prints its status only, since a body may hold anything.
 *
 * @param body never null
 * @param requestId X-Request-Id; null if none came, or none that looks like one
 */
record ScmReply(int status, byte[] body, String requestId, Optional<Instant> date, Optional<String> retryAfter) {

    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final byte[] NOTHING = {};

    static ScmReply of(Response response) {
        byte[] body = response.hasEntity() ? response.readEntity(byte[].class) : NOTHING;
        return new ScmReply(response.getStatus(), body, requestIdOrNull(response.getHeaderString("X-Request-Id")),
                httpDate(response.getHeaderString("Date")), Optional.ofNullable(response.getHeaderString("Retry-After")));
    }

    boolean success() {
        return status / 100 == 2;
    }

    /** True for a page or another document with tags. SCM speaks JSON: a proxy, a portal or an error page has answered. */
    boolean markup() {
        int at = 0;
        while (at < body.length && body[at] <= ' ') {
            at++; // bytes of UTF-8's mark and beyond are negative
        }
        return at < body.length && body[at] == '<';
    }

    static String requestIdOrNull(String text) {
        return text != null && REQUEST_ID.matcher(text).matches() ? text : null;
    }

    /** An HTTP date; empty for null and for what is none. */
    static Optional<Instant> httpDate(String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "HTTP " + status;
    }
}
