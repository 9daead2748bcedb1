package io.certcourier.local.scm;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Fixed windows per account and operation, sized by the switch rate. */
final class RateLimits {

    private record Window(Instant start, int used) {
    }

    private final Map<String, Window> windows = new HashMap<>();

    /** @throws Refusal 429 APIGW.0308 */
    synchronized void take(String account, Operation operation, Instant now, Switches switches) {
        if (switches.is(Switch.RATE, "off")) {
            return;
        }
        var rate = switches.get(Switch.RATE).split("/");
        var limit = Integer.parseInt(rate[0]);
        var length = rate[1].equals("second") ? Duration.ofSeconds(1) : Duration.ofMinutes(1);
        var key = account + " " + operation;
        var window = windows.getOrDefault(key, new Window(now, 0));
        if (!now.isBefore(window.start().plus(length))) {
            window = new Window(now, 0);
        }
        if (window.used() >= limit) {
            throw refusal(limit, "1 " + rate[1]);
        }
        windows.put(key, new Window(window.start(), window.used() + 1));
    }

    synchronized void reset() {
        windows.clear();
    }

    static Refusal refusal(int limit, String window) {
        return Refusal.gateway(429, "0308", "The throttling threshold has been reached: policy user over ratelimit,limit:"
                + limit + ",time:" + window);
    }
}
