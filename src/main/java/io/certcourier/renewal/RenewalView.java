package io.certcourier.renewal;

import java.time.Instant;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A renewal in a list. Null fields are absent.
 *
 * @param state its state, which is its outcome once it has ended
 * @param reasonCode why it failed, waits or is held
 * @param hold who releases it, if it is HELD: ACCOUNT, PERMISSION, OPERATOR, UNCLEAR or KEYSET
 * @param nextTryAt when it is looked at again; absent while it is worked on or waits for something without a time
 * @param deadlineAt when it ends at the latest
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RenewalView(UUID renewalId, int round, String state, String certificateName, String account, String reasonCode,
        String hold, Instant acceptedAt, Instant startedAt, Instant confirmedAt, Instant endedAt, Instant nextTryAt,
        Instant deadlineAt) {

    static RenewalView of(StoredRenewal row) {
        return new RenewalView(row.id, row.round, row.state, row.certificateName, row.account, row.reasonCode, row.hold,
                row.acceptedAt, row.startedAt, row.confirmedAt, row.endedAt, row.nextTryAt(), row.deadlineAt);
    }
}
