package io.certcourier.certmanager;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.hibernate.validator.constraints.time.DurationMin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Whether and where Secrets of cert-manager are watched. */
@ConfigMapping(prefix = "certcourier.cert-manager")
public interface CertManagerConfig {

    /** Watch Secrets of cert-manager and deliver the certificates in them. */
    @WithDefault("false")
    boolean enabled();

    /**
     * Namespaces to watch, {@code *} for all; without it the pod's own. The service account may get, list and watch Secrets and
     * Certificates in each; for {@code *} by a ClusterRoleBinding.
     */
    Optional<List<String>> namespaces();

    /** Label selector of the Secrets whose certificates are delivered. */
    @WithDefault("certcourier.io/publish=true")
    String selector();

    /** How often every one of these Secrets is looked at again, beside each change of it. */
    @WithDefault("10m")
    @DurationMin(seconds = 1)
    Duration resync();
}
