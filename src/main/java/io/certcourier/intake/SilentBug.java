package io.certcourier.intake;

import java.sql.SQLException;

/** Stands for an exception in the log: its type and stack, not its message, which may quote an event. */
final class SilentBug extends RuntimeException {

    SilentBug(Throwable bug) {
        super(name(bug), bug.getCause() == null ? null : new SilentBug(bug.getCause()), false, true);
        setStackTrace(bug.getStackTrace());
    }

    /** The types of an exception and its causes in one line. */
    static String names(Throwable bug) {
        return bug.getCause() == null ? name(bug) : name(bug) + ", " + names(bug.getCause());
    }

    private static String name(Throwable bug) {
        return bug.getClass().getName() + (bug instanceof SQLException sql ? " SQLState " + sql.getSQLState() : "");
    }
}
