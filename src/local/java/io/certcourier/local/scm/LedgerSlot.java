package io.certcourier.local.scm;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The place of one call in the ledger, filled while the call is under way. */
final class LedgerSlot {

    private static final InstantSource WALL = InstantSource.system();

    private final long sequence;
    private final String requestId;
    private final Instant startedAt = WALL.instant();
    private final long startNanos = System.nanoTime();
    private Instant endedAt;
    private long endNanos;
    private String account = "";
    private String accessKey = "";
    private Operation operation;
    private String certificateName = "";
    private String certificateId = "";
    private String service = "";
    private List<String> projects = List.of();
    private String status = "open";
    private String errorCode = "";
    private final List<Effect> effects = new ArrayList<>();
    private String fault = "";

    LedgerSlot(long sequence, String requestId) {
        this.sequence = sequence;
        this.requestId = requestId;
    }

    long sequence() {
        return sequence;
    }

    synchronized void caller(String account, String accessKey) {
        this.account = account;
        this.accessKey = accessKey;
    }

    synchronized void operation(Operation operation) {
        this.operation = operation;
    }

    synchronized void certificate(String name, String id) {
        certificateName = name == null ? "" : name;
        certificateId = id == null ? "" : id;
    }

    synchronized void targets(String service, List<String> projects) {
        this.service = service;
        this.projects = List.copyOf(projects);
    }

    synchronized void effect(Effect effect) {
        effects.add(effect);
    }

    synchronized void fault(String label) {
        fault = label;
    }

    synchronized void answered(Answer answer) {
        errorCode = answer.errorCode() == null ? "" : answer.errorCode();
        end(String.valueOf(answer.status()));
    }

    /** No answer left; what is on record as effect happened all the same. */
    synchronized void unanswered() {
        end("lost");
    }

    synchronized boolean isOpen() {
        return status.equals("open");
    }

    synchronized LedgerEntry entry() {
        return new LedgerEntry(sequence, startedAt, endedAt, startNanos, endNanos, account, accessKey, operation,
                certificateName, certificateId, service, projects, status, errorCode, List.copyOf(effects), requestId, fault);
    }

    private void end(String outcome) {
        status = outcome;
        endedAt = WALL.instant();
        endNanos = System.nanoTime();
    }
}
