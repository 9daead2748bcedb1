package io.certcourier.renewal;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * What a person wants to be done with a renewal.
 *
 * @param epoch the renewal as the person has seen it; empty: whatever it is now
 * @param actor who, for the audit; not empty
 * @param why for the audit; 1 to 512 characters
 */
public record OperatorAction(UUID renewal, OptionalLong epoch, String actor, String why) {
}
