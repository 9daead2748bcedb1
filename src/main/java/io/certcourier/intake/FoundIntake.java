package io.certcourier.intake;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

import jakarta.inject.Singleton;

/**
 * The front door for events that a part of this process makes of what it has found: reader and transaction are those of a
 * request. A private key may be in clear, because it was on no topic and no wire of ours.
 */
@Singleton
public class FoundIntake {

    private final EventReader reader;
    private final IntakeTransaction transaction;
    private final IntakeStatus status;
    private final InstantSource clock;

    FoundIntake(EventReader reader, IntakeTransaction transaction, IntakeStatus status, InstantSource clock) {
        this.reader = reader;
        this.transaction = transaction;
        this.status = status;
        this.clock = clock;
    }

    /**
     * Stores the event, or that it was refused. Finding the same again changes nothing: only one that was refused, and is not
     * or for another reason now, is judged afresh.
     *
     * @param finder names the part of this process
     * @param event a structured CloudEvent; overwritten before the return
     * @throws DatabaseAway nothing is stored
     */
    public Receipt accept(String finder, byte[] event) {
        try (Reading reading = read(finder, event)) {
            status.countReceived(reading);
            return transaction.storeNow(reading);
        }
    }

    private Reading read(String finder, byte[] event) {
        try {
            return reader.read(new IncomingRecord(Place.found(finder), clock.millis(), List.of(), event, null));
        } finally {
            Arrays.fill(event, (byte) 0);
        }
    }
}
