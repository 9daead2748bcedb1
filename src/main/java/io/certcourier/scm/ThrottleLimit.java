package io.certcourier.scm;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a throttled answer says about coming back.
 *
 * @param pause between 1 second and 1 hour
 * @param limitPerMinute the limit named in the text
 */
record ThrottleLimit(Optional<Duration> pause, OptionalDouble limitPerMinute) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    /** So that a wrong answer cannot stop an account for good. */
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Pattern TEXT = Pattern
            .compile("limit:\\s*(\\d{1,9})\\s*,\\s*time:\\s*(\\d{1,6})\\s*(second|minute|hour)");

    /** @param text the gateway's: {@code .., limit:20,time:1 minute}; may be null */
    static ThrottleLimit of(ScmReply reply, String text) {
        Matcher named = TEXT.matcher(text == null ? "" : text.toLowerCase(Locale.ROOT));
        if (!named.find()) {
            return new ThrottleLimit(retryAfter(reply), OptionalDouble.empty());
        }
        int unit = switch (named.group(3)) {
            case "second" -> 1;
            case "minute" -> 60;
            default -> 3600;
        };
        Duration window = Duration.ofSeconds(Math.max(1, Long.parseLong(named.group(2))) * unit);
        double perMinute = Double.parseDouble(named.group(1)) * 60 / window.toSeconds();
        return new ThrottleLimit(retryAfter(reply).or(() -> bounded(window)), OptionalDouble.of(perMinute));
    }

    /** The header tells seconds or a date; a date is compared with the answer's own, not with our clock. */
    private static Optional<Duration> retryAfter(ScmReply reply) {
        return reply.retryAfter().flatMap(text -> text.matches("\\d{1,9}") ? bounded(Duration.ofSeconds(Long.parseLong(text)))
                : reply.date()
                        .flatMap(sent -> ScmReply.httpDate(text).flatMap(until -> bounded(Duration.between(sent, until)))));
    }

    private static Optional<Duration> bounded(Duration wanted) {
        return Optional.of(wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted);
    }
}
