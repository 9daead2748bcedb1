package io.certcourier.certmanager;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Switched on; so long until the next resync that no test sees one. */
record WatchConfig(boolean enabled, Optional<List<String>> namespaces, String selector,
        Duration resync) implements CertManagerConfig {

    static WatchConfig of(String... namespaces) {
        return new WatchConfig(true, namespaces.length == 0 ? Optional.empty() : Optional.of(List.of(namespaces)),
                "certcourier.io/publish=true", Duration.ofHours(1));
    }
}
