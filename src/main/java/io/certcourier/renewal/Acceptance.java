package io.certcourier.renewal;

import java.util.UUID;

/**
 * What became of one request.
 *
 * @param state the stored state, for example READY, QUEUED, UNCHANGED, SUPERSEDED, REJECTED
 * @param round the renewal's round
 */
public record Acceptance(UUID renewalId, int round, Verdict verdict, String state) {

    /**
     * STORED: a new renewal or a new round. DUPLICATE: nothing to do. CONFLICT: the id is known with other content; refuse the
     * record.
     */
    public enum Verdict {
        STORED,
        DUPLICATE,
        CONFLICT
    }
}
