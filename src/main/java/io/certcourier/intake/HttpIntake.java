package io.certcourier.intake;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import jakarta.inject.Singleton;

/** The front door for events that come as requests: the reader and the transaction of records, one event at a time. */
@Singleton
public class HttpIntake {

    private final EventReader reader;
    private final IntakeTransaction transaction;
    private final IntakeStatus status;
    private final InstantSource clock;

    HttpIntake(EventReader reader, IntakeTransaction transaction, IntakeStatus status, InstantSource clock) {
        this.reader = reader;
        this.transaction = transaction;
        this.status = status;
        this.clock = clock;
    }

    /**
     * Stores the event, or that it was refused.
     *
     * @param caller names the source of an event that has no envelope
     * @param headers of the request, by name in any case
     * @param body overwritten before the return: it may hold a key in clear
     * @throws DatabaseAway nothing is stored
     */
    public Receipt accept(String caller, Map<String, List<String>> headers, byte[] body) {
        try (Reading reading = read(caller, headers, body)) {
            status.countReceived(reading);
            return transaction.storeNow(reading);
        }
    }

    /** As {@link #accept}, by the same steps, but for the last one: nothing is stored, counted or sent. */
    public Trial plan(String caller, Map<String, List<String>> headers, byte[] body) {
        try (Reading reading = read(caller, headers, body)) {
            return transaction.tryOut(reading);
        }
    }

    private Reading read(String caller, Map<String, List<String>> headers, byte[] body) {
        try {
            return reader.read(new IncomingRecord(Place.request(caller), clock.millis(), HttpHeaders.envelope(headers), body,
                    HttpHeaders.idempotencyKey(headers)));
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }
}
