package io.certcourier.ops;

import java.util.Set;

import jakarta.ws.rs.core.MultivaluedMap;

import io.certcourier.renewal.RenewalFilter;

/** The query of {@code GET /v1/renewals}, read into a filter. */
final class RenewalQuery {

    private static final Set<String> NAMES = Set.of("state", "outcome", "certificateName", "account", "reasonCode", "since",
            "until", "limit", "cursor");

    private RenewalQuery() {
    }

    /** @throws BadParameter a parameter is unknown, repeated where it cannot be, or has no usable value */
    static RenewalFilter read(MultivaluedMap<String, String> parameters) {
        var query = new ListQuery(parameters, NAMES);
        return new RenewalFilter(query.anyOf("state", RenewalFilter.stateNames()),
                query.anyOf("outcome", RenewalFilter.outcomeNames()), query.one("certificateName"), query.one("account"),
                query.reasonCode(), query.time("since"), query.time("until"), query.limit(), query.cursor());
    }
}
