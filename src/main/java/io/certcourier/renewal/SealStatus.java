package io.certcourier.renewal;

import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

/** What probes and metrics may know of sealed keys, as this replica counted them last. */
@ApplicationScoped
public class SealStatus {

    private volatile long primary;
    private volatile long outdated;
    private volatile long lost;

    /** Id of the key that seals, as this replica has read it. */
    public long primary() {
        return primary;
    }

    /** Sealed by another key than the primary, lost ones included; the old key can go once this is 0. */
    public long outdated() {
        return outdated;
    }

    /** Sealed by a key that the keyset lacks: their renewals cannot be imported until it is back. */
    public long lost() {
        return lost;
    }

    void counted(Map<Long, Long> sealedBy, Keyset keyset) {
        primary = keyset.primary();
        outdated = sealedBy.entrySet().stream().filter(e -> e.getKey() != keyset.primary()).mapToLong(Map.Entry::getValue)
                .sum();
        lost = sealedBy.entrySet().stream().filter(e -> !keyset.keyIds().contains(e.getKey())).mapToLong(Map.Entry::getValue)
                .sum();
    }
}
