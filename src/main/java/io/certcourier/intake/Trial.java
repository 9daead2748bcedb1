package io.certcourier.intake;

import io.certcourier.renewal.RenewalPlan;

/**
 * What would become of an event.
 *
 * @param plan null if it would be refused
 */
public record Trial(Receipt receipt, RenewalPlan plan) {
}
