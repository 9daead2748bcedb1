package io.certcourier.ops;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;

/** Hands connections to the engine's statements, which open their own transactions and never join another. */
@ApplicationScoped
class Database {

    @Produces
    @Singleton
    Jdbi jdbi(Schema schema) {
        var jdbi = Jdbi.create(schema::connection);
        // messages of failed statements would repeat their values: sealed keys, events
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        return jdbi;
    }
}
