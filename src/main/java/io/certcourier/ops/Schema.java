package io.certcourier.ops;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

import javax.sql.DataSource;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.jboss.logging.Logger;

import io.quarkus.runtime.StartupEvent;

/**
 * Whether the tables are as new as this code. Until they are, the engine gets no connection: a call to SCM whose result could
 * not be stored must not be made. To intake, worker, relay and callers of the API that looks like a database that is away,
 * which all of them wait out; what only reads for people may find tables that are not there, and is answered the same. Once the
 * schema is as new it stays so, and asking costs nothing.
 */
@ApplicationScoped
class Schema {

    private static final Logger LOG = Logger.getLogger(Schema.class);
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    /** The server's own word for "not now": everybody takes it for a trouble that passes. */
    private static final String CANNOT_CONNECT_NOW = "57P03";

    private static final String BROUGHT_BY = ": the migration job brings it, or a start with quarkus.flyway.migrate-at-start=true";

    private final Flyway flyway;
    private final DataSource pool;

    private volatile boolean current;
    private String lack = "";
    private long asked = System.nanoTime() - PAUSE_NANOS;

    Schema(Flyway flyway, DataSource pool) {
        this.flyway = flyway;
        this.pool = pool;
    }

    /** Before anybody asks for a connection, so that the log tells the cause first. */
    void look(@Observes @Priority(2) StartupEvent event) {
        lack();
    }

    /** What keeps this code from working, as a sentence without an end; empty if nothing does. */
    Optional<String> lack() {
        return current ? Optional.empty() : askNowAndThen();
    }

    /** @throws SQLException the pool's, or that the schema is not as new as this code */
    Connection connection() throws SQLException {
        var missing = lack();
        if (missing.isPresent()) {
            throw new SQLException(missing.get(), CANNOT_CONNECT_NOW);
        }
        return pool.getConnection();
    }

    private synchronized Optional<String> askNowAndThen() {
        if (!current && System.nanoTime() - asked >= PAUSE_NANOS) {
            tell(ask());
            asked = System.nanoTime();
        }
        return current ? Optional.empty() : Optional.of(lack);
    }

    private String ask() {
        try {
            var pending = flyway.info().pending();
            if (pending.length == 0) {
                return "";
            }
            MigrationInfo is = flyway.info().current();
            return "the schema " + (is == null ? "is empty" : "has version " + is.getVersion()) + ", this code needs version "
                    + Arrays.stream(pending).map(MigrationInfo::getVersion).max(Comparable::compareTo).orElseThrow()
                    + BROUGHT_BY;
        } catch (FlywayException e) {
            return "the schema's version cannot be read (" + state(e) + ")";
        }
    }

    private void tell(String found) {
        current = found.isEmpty();
        if (current && !lack.isEmpty()) {
            LOG.info("the schema is as new as this code, work begins");
        } else if (!current && !found.equals(lack)) {
            LOG.warnf("nothing is taken up until this passes: %s", found);
        }
        lack = found;
    }

    /** Flyway's own words repeat address and user. */
    private static String state(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return "SQLState " + sql.getSQLState();
            }
        }
        return failure.getClass().getSimpleName();
    }
}
