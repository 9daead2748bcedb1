package io.certcourier.certmanager;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import jakarta.inject.Singleton;

/** What probes and metrics may know of the watch. Counters begin at 0 with the process and never fall. */
@Singleton
public class WatchStatus {

    private final Map<Finding, LongAdder> looks = new EnumMap<>(Finding.class);
    private final boolean enabled;
    private volatile boolean watching;

    WatchStatus(CertManagerConfig config) {
        enabled = config.enabled();
        for (var finding : Finding.values()) {
            looks.put(finding, new LongAdder());
        }
    }

    /** Whether this installation watches at all. */
    public boolean enabled() {
        return enabled;
    }

    /** Whether every namespace is watched, gaps of seconds aside; false also until the first answer of the API server. */
    public boolean watching() {
        return watching;
    }

    /** Looks at Secrets that came to this. */
    public long looks(Finding finding) {
        return looks.get(finding).sum();
    }

    void watching(boolean now) {
        watching = now;
    }

    void count(Finding finding) {
        looks.get(finding).increment();
    }
}
