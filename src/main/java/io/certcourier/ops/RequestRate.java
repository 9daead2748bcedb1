package io.certcourier.ops;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;

/** Counts the requests of each caller in the running minute of this replica. */
@ApplicationScoped
class RequestRate {

    private static final long MINUTE_MILLIS = 60_000;

    private final int perMinute;
    private final InstantSource clock;
    private volatile Minute minute = new Minute(0, new ConcurrentHashMap<>());

    /** @param number since the epoch; a new one forgets everybody, so that callers do not pile up */
    private record Minute(long number, Map<String, AtomicInteger> requests) {
    }

    RequestRate(OpsConfig config, InstantSource clock) {
        this.perMinute = config.requestsPerMinute();
        this.clock = clock;
    }

    /** @return 0 if the caller may go on; else the seconds to wait, 1 to 60 */
    int secondsToWait(String caller) {
        long now = clock.millis();
        var counted = running(now / MINUTE_MILLIS);
        if (counted.requests().computeIfAbsent(caller, first -> new AtomicInteger()).incrementAndGet() <= perMinute) {
            return 0;
        }
        return (int) ((MINUTE_MILLIS - now % MINUTE_MILLIS + 999) / 1000);
    }

    private Minute running(long number) {
        var seen = minute;
        if (seen.number() != number) {
            synchronized (this) {
                if (minute.number() != number) {
                    minute = new Minute(number, new ConcurrentHashMap<>());
                }
                seen = minute;
            }
        }
        return seen;
    }
}
