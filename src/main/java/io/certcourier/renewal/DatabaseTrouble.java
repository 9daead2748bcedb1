package io.certcourier.renewal;

import java.sql.SQLException;

import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.JdbiException;

/** Tells a database that is away or busy, which passes, from a statement that it refuses, which is a bug. */
final class DatabaseTrouble {

    private DatabaseTrouble() {
    }

    static boolean passes(JdbiException e) {
        if (e instanceof ConnectionException) {
            return true;
        }
        String state = sqlState(e);
        // connection, insufficient resources, rollback (deadlock), lock not available, operator intervention, read-only
        return state == null || state.startsWith("08") || state.startsWith("53") || state.startsWith("40")
                || state.startsWith("55")
                || state.startsWith("57") || "25006".equals(state);
    }

    /** Without the statement's text or values. */
    static String sentence(JdbiException e) {
        String state = sqlState(e);
        return state == null ? e.getClass().getSimpleName() : "SQLState " + state;
    }

    private static String sqlState(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return null;
    }
}
