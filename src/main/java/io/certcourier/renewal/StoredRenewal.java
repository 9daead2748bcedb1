package io.certcourier.renewal;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.Immutable;

/**
 * A renewal's row, for reading only; the engine writes it by statements of its own. States stay text: an older replica shows
 * one that it does not know yet.
 */
@Entity
@Immutable
@Table(name = "renewal")
class StoredRenewal {

    /** The database's infinity arrives as a time beyond every calendar. */
    private static final Instant FOREVER = Instant.parse("9999-12-31T00:00:00Z");

    @Id
    UUID id;
    int round;
    String account;
    String certificateName;
    String state;
    String heldFrom;
    String hold;
    String reasonCode;
    String failure;
    UUID supersededBy;
    String scmName;
    String scmCertificateId;
    Boolean imported;
    String certificate;
    String labels;
    Instant nextAt;
    Instant deadlineAt;
    String leaseOwner;
    long epoch;
    String channel;
    String source;
    String eventId;
    String idempotencyKey;
    String topic;
    Integer partitionNo;
    Long recordOffset;
    Instant acceptedAt;
    Instant startedAt;
    Instant confirmedAt;
    Instant endedAt;

    /** When the worker looks at it again; null if it has ended, is being worked on, or waits for something without a time. */
    Instant nextTryAt() {
        boolean waitsForATime = endedAt == null && leaseOwner == null && !State.QUEUED.name().equals(state);
        return waitsForATime && nextAt.isBefore(FOREVER) ? nextAt : null;
    }
}
