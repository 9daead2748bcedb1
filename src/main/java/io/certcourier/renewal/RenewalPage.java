package io.certcourier.renewal;

import java.util.List;
import java.util.Optional;

/**
 * One page of renewals, newest first.
 *
 * @param next where the next page begins; empty on the last one
 */
public record RenewalPage(List<RenewalView> renewals, Optional<PageCursor> next) {

    /** @param rows at most one more than the limit */
    static RenewalPage of(List<RenewalView> rows, int limit) {
        if (rows.size() <= limit) {
            return new RenewalPage(rows, Optional.empty());
        }
        var last = rows.get(limit - 1);
        return new RenewalPage(List.copyOf(rows.subList(0, limit)),
                Optional.of(new PageCursor(last.acceptedAt(), last.renewalId())));
    }
}
