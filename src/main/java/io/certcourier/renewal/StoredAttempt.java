package io.certcourier.renewal;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.Immutable;

/** One call to SCM that a renewal made, for reading only. The cloud's own text is left in the table. */
@Entity
@Immutable
@Table(name = "attempt")
class StoredAttempt {

    @Id
    long id;
    UUID renewal;
    Integer round;
    String operation;
    String service;
    String[] projects;
    Instant startedAt;
    Instant endedAt;
    String outcome;
    Integer httpStatus;
    String errorCode;
    String requestId;
}
