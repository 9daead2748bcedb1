package io.certcourier.renewal;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

import org.hibernate.annotations.Immutable;

/** One target of a renewal, for reading only. */
@Entity
@Immutable
@IdClass(StoredTarget.Key.class)
@Table(name = "renewal_target")
class StoredTarget {

    record Key(UUID renewal, String service, String project) {
    }

    @Id
    UUID renewal;
    @Id
    String service;
    /** Empty for CDN. */
    @Id
    String project;
    String state;
    int attempts;
    int unknowns;
    String targetCertificateId;
    String failure;
    Instant doneAt;

    boolean reached() {
        return TargetState.PUSHED.name().equals(state) || TargetState.PRESENT.name().equals(state);
    }
}
