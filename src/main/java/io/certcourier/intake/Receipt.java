package io.certcourier.intake;

import java.util.UUID;

import io.certcourier.outcome.ReasonCode;

/** What became of one event. */
public sealed interface Receipt {

    /**
     * It is a renewal.
     *
     * @param duplicate true if it was one before, and nothing was done
     * @param state of the renewal
     */
    record Taken(UUID renewalId, boolean duplicate, String state) implements Receipt {
    }

    /**
     * It was refused.
     *
     * @param detail one sentence of our own, without input text
     * @param refusalId null if a renewal was stored as REJECTED, or nothing is stored
     * @param renewalId the rejected renewal, or the known one whose identity the event claims; else null
     */
    record Declined(ReasonCode code, String detail, UUID refusalId, UUID renewalId) implements Receipt {
    }
}
