package io.certcourier.ops;

import java.util.OptionalLong;
import java.util.regex.Pattern;

import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.core.Response;

/** The header by which a caller says which state of a renewal it has seen. */
final class IfMatch {

    private static final Pattern TAG = Pattern.compile("\"?(\\d{1,18})\"?");

    private IfMatch() {
    }

    /** @return empty for {@code *} */
    static OptionalLong epoch(String header) {
        if (header == null) {
            throw new ClientErrorException(Response.Status.PRECONDITION_REQUIRED);
        }
        if (header.strip().equals("*")) {
            return OptionalLong.empty();
        }
        var tag = TAG.matcher(header.strip());
        if (!tag.matches()) {
            throw new ClientErrorException(Response.Status.PRECONDITION_FAILED); // an ETag of another kind matches nothing
        }
        return OptionalLong.of(Long.parseLong(tag.group(1)));
    }
}
