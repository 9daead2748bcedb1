package io.certcourier.outcome;

/**
 * How far the relay is behind.
 *
 * @param pending events not yet confirmed by Kafka, without the parked ones
 * @param oldestSeconds age of the oldest pending event; 0 if none is pending
 * @param parked events that Kafka will never take and that wait for an operator
 */
public record OutboxStatus(long pending, double oldestSeconds, long parked) {
}
