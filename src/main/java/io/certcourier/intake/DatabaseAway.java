package io.certcourier.intake;

/** Nothing was stored, because the database does not take anything now; the same request can be sent again. */
public final class DatabaseAway extends RuntimeException {

    DatabaseAway(Throwable cause) {
        super("the database does not take events: " + SilentBug.names(cause), null, false, false);
    }
}
