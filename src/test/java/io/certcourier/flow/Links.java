package io.certcourier.flow;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Link headers, as clients follow them. */
final class Links {

    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

    private Links() {
    }

    /** Null if the header names no next page. */
    static String next(String header) {
        Matcher next = NEXT.matcher(header == null ? "" : header);
        return next.find() ? next.group(1) : null;
    }
}
