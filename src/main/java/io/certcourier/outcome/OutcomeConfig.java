package io.certcourier.outcome;

import java.net.URI;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What an installation decides about its outcome events; the topics are named by the channels' own keys. */
@ConfigMapping(prefix = "certcourier.outcome")
public interface OutcomeConfig {

    /** ce_source of every outcome event: one per installation, the same in all replicas. */
    @WithDefault("urn:certcourier")
    URI source();
}
