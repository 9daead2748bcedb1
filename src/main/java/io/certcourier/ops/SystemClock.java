package io.certcourier.ops;

import java.time.InstantSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * The one source of application time: signatures and certificate validity. Leases and due times belong to the database's clock.
 */
@ApplicationScoped
class SystemClock {

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }
}
