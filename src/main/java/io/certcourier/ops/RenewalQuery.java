package io.certcourier.ops;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import jakarta.ws.rs.core.MultivaluedMap;

import io.certcourier.outcome.ReasonCode;
import io.certcourier.renewal.PageCursor;
import io.certcourier.renewal.RenewalFilter;

/** The query of {@code GET /v1/renewals}, read into a filter; every parameter that cannot be used is named. */
final class RenewalQuery {

    static final int DEFAULT_LIMIT = 50;
    private static final Set<String> NAMES = Set.of("state", "outcome", "certificateName", "account", "reasonCode", "since",
            "until", "limit", "cursor");

    private RenewalQuery() {
    }

    /** @throws BadParameter a parameter is unknown, repeated where it cannot be, or has no usable value */
    static RenewalFilter read(MultivaluedMap<String, String> query) {
        query.keySet().stream().filter(name -> !NAMES.contains(name)).findFirst().ifPresent(name -> {
            // a misspelt filter would silently list everything
            throw new BadParameter("query", "There is a parameter that this path does not know.",
                    NAMES.stream().sorted().toList());
        });
        return new RenewalFilter(anyOf(query, "state", RenewalFilter.stateNames()),
                anyOf(query, "outcome", RenewalFilter.outcomeNames()), one(query, "certificateName"), one(query, "account"),
                reasonCode(query), time(query, "since"), time(query, "until"), limit(query), cursor(query));
    }

    private static Set<String> anyOf(MultivaluedMap<String, String> query, String name, List<String> allowed) {
        var values = new LinkedHashSet<>(query.getOrDefault(name, List.of()));
        if (!allowed.containsAll(values)) {
            throw new BadParameter(name, "It can be given more than once, each time with one of the allowed values.", allowed);
        }
        return values;
    }

    private static String one(MultivaluedMap<String, String> query, String name) {
        var values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new BadParameter(name, "It can be given only once.", List.of());
        }
        // an empty field of a form asks for nothing
        return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
    }

    private static String reasonCode(MultivaluedMap<String, String> query) {
        String code = one(query, "reasonCode");
        var allowed = Arrays.stream(ReasonCode.values()).map(ReasonCode::name).toList();
        if (code != null && !allowed.contains(code)) {
            throw new BadParameter("reasonCode", "It must be one of the allowed values.", allowed);
        }
        return code;
    }

    private static Instant time(MultivaluedMap<String, String> query, String name) {
        String text = one(query, name);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new BadParameter(name, "It must be a time of RFC 3339 with its zone, such as 2026-11-24T03:15:02Z.",
                    List.of());
        }
    }

    private static int limit(MultivaluedMap<String, String> query) {
        String text = one(query, "limit");
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        int limit = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > RenewalFilter.MAX_LIMIT) {
            throw new BadParameter("limit", "It must be a number from 1 to " + RenewalFilter.MAX_LIMIT + ".", List.of());
        }
        return limit;
    }

    private static PageCursor cursor(MultivaluedMap<String, String> query) {
        String text = one(query, "cursor");
        return text == null ? null
                : PageCursor.parse(text).orElseThrow(
                        () -> new BadParameter("cursor", "It must be the cursor of a link to a next page, unchanged.",
                                List.of()));
    }
}
