package io.certcourier.outcome;

/**
 * What an outcome event copies from the event it answers. All fields may be null.
 *
 * @param eventId the incoming CloudEvents id
 */
public record Cause(String eventId, String correlationId, String traceparent) {
}
