package io.certcourier.intake;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** Times of events: RFC 3339 with offset. Java's own parser takes more (no seconds, years of nine digits). */
final class Rfc3339 {

    private static final Pattern FORM = Pattern
            .compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})");

    private Rfc3339() {
    }

    /**
     * To the microsecond, as the database keeps it: rounded there, the last one of 9999 would become a year of five digits.
     * Empty if the text is no such time, or lies outside the years 0001 to 9999 in UTC.
     */
    static Optional<Instant> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            // a leap second counts as the second before it
            var time = OffsetDateTime.parse(text.replaceFirst("(:[0-9]{2}):60", "$1:59")).withOffsetSameInstant(ZoneOffset.UTC)
                    .truncatedTo(ChronoUnit.MICROS);
            return time.getYear() < 1 || time.getYear() > 9999 ? Optional.empty() : Optional.of(time.toInstant());
        } catch (DateTimeException e) {
            return Optional.empty(); // the form of a time, but no date of the calendar
        }
    }
}
