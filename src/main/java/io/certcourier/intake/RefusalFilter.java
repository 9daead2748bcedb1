package io.certcourier.intake;

import java.time.Instant;

import io.certcourier.renewal.PageCursor;

/**
 * Which refusals to list; all conditions together. Null: not asked for.
 *
 * @param source of the event, which names its producer
 * @param since refused at or after
 * @param until refused before
 * @param limit 1 or more
 * @param after where the page before ended
 */
public record RefusalFilter(String reasonCode, String channel, String certificateName, String source, Instant since,
        Instant until, int limit, PageCursor after) {
}
