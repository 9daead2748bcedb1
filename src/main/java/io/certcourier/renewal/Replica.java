package io.certcourier.renewal;

import java.lang.management.ManagementFactory;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

/** This process as an owner of leases: a name that no other process, and no earlier one on the same host, has. */
@ApplicationScoped
class Replica {

    private final String name = ManagementFactory.getRuntimeMXBean().getName() + "/"
            + UUID.randomUUID().toString().substring(0, 8);

    String name() {
        return name;
    }
}
