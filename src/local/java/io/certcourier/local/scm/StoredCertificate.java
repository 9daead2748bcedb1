package io.certcourier.local.scm;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** A certificate in an account. Guarded by the account; the update time changes only through the store, which sorts by it. */
final class StoredCertificate {

    private static final Set<String> PUSHABLE = Set.of("UPLOAD", "ISSUED");

    private final String id;
    private final String name;
    private final String enterpriseProjectId;
    private final ImportedPair pair;
    private final Instant importedAt;
    private Instant updatedAt;
    private String status = "UPLOAD";

    StoredCertificate(String id, String name, String enterpriseProjectId, ImportedPair pair, Instant importedAt) {
        this.id = id;
        this.name = name;
        this.enterpriseProjectId = enterpriseProjectId;
        this.pair = pair;
        this.importedAt = importedAt;
        this.updatedAt = importedAt;
    }

    /** The same content under the same name with another id: a duplicate that is suddenly there. */
    StoredCertificate twin(String otherId, Instant now) {
        return new StoredCertificate(otherId, name, enterpriseProjectId, pair, now);
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    String enterpriseProjectId() {
        return enterpriseProjectId;
    }

    ImportedPair pair() {
        return pair;
    }

    LeafFacts leaf() {
        return pair.leaf();
    }

    Instant importedAt() {
        return importedAt;
    }

    Instant updatedAt() {
        return updatedAt;
    }

    void touchedAt(Instant now) {
        updatedAt = now;
    }

    void override(String other) {
        status = other;
    }

    String status(Instant now) {
        return PUSHABLE.contains(status) && leaf().notAfter().isBefore(now) ? "EXPIRED" : status;
    }

    boolean pushable(Instant now) {
        return PUSHABLE.contains(status(now));
    }

    boolean expiredLongerThan(Duration age, Instant now) {
        return leaf().notAfter().isBefore(now.minus(age));
    }
}
