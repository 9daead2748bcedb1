package io.certcourier.ops;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;

import io.certcourier.outcome.ReasonCode;
import io.certcourier.renewal.PageCursor;
import io.certcourier.renewal.RenewalFilter;

/** The query parameters of a list, read by name; every one that cannot be used is named, and never repeated. */
final class ListQuery {

    static final int DEFAULT_LIMIT = 50;
    static final int MAX_LIMIT = RenewalFilter.MAX_LIMIT;

    private final MultivaluedMap<String, String> query;

    /** @throws BadParameter there is a parameter that is none of these */
    ListQuery(MultivaluedMap<String, String> query, Set<String> names) {
        this.query = query;
        query.keySet().stream().filter(name -> !names.contains(name)).findFirst().ifPresent(name -> {
            // a misspelt filter would silently list everything
            throw new BadParameter("query", "There is a parameter that this path does not know.",
                    names.stream().sorted().toList());
        });
    }

    Set<String> anyOf(String name, List<String> allowed) {
        var values = new LinkedHashSet<>(query.getOrDefault(name, List.of()));
        if (!allowed.containsAll(values)) {
            throw new BadParameter(name, "It can be given more than once, each time with one of the allowed values.", allowed);
        }
        return values;
    }

    /** Null if it is not given; an empty field of a form asks for nothing. */
    String one(String name) {
        var values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new BadParameter(name, "It can be given only once.", List.of());
        }
        String value = values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
        if (value != null && value.chars().anyMatch(Character::isISOControl)) {
            throw new BadParameter(name, "It can hold no control character.", List.of()); // the database stores no NUL
        }
        return value;
    }

    String oneOf(String name, List<String> allowed) {
        String value = one(name);
        if (value != null && !allowed.contains(value)) {
            throw new BadParameter(name, "It must be one of the allowed values.", allowed);
        }
        return value;
    }

    String reasonCode() {
        return oneOf("reasonCode", Arrays.stream(ReasonCode.values()).map(ReasonCode::name).toList());
    }

    Instant time(String name) {
        String text = one(name);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new BadParameter(name, "It must be a time of RFC 3339 with its zone, such as 2026-11-24T03:15:02Z.",
                    List.of());
        }
    }

    /** 1 to {@value #MAX_LIMIT}. */
    int limit() {
        String text = one("limit");
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        int limit = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new BadParameter("limit", "It must be a number from 1 to " + MAX_LIMIT + ".", List.of());
        }
        return limit;
    }

    PageCursor cursor() {
        return cursor(PageCursor::parse);
    }

    /** Null on the first page. */
    <C> C cursor(Function<String, Optional<C>> parser) {
        String text = one("cursor");
        return text == null ? null
                : parser.apply(text).orElseThrow(
                        () -> new BadParameter("cursor", "It must be the cursor of a link to a next page, unchanged.",
                                List.of()));
    }

    /** The same query with another cursor, without scheme and host, which a gateway in front may have changed. */
    static URI nextPage(UriInfo uri, String cursor) {
        URI whole = uri.getRequestUriBuilder().replaceQueryParam("cursor", cursor).build();
        return URI.create(whole.getRawPath() + "?" + whole.getRawQuery());
    }
}
