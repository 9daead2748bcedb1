package io.certcourier.ops;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What people and probes see of this installation. */
@ConfigMapping(prefix = "certcourier.ops")
public interface OpsConfig {

    /** The commit this build was made from, shown by certcourier.build.info and /q/info; the image sets it. */
    @WithDefault("unknown")
    String revision();

    /**
     * Whether the API serves everybody who reaches it, in every role. Else callers show a token of
     * quarkus.oidc.auth-server-url.
     */
    @WithDefault("false")
    boolean allowAnonymous();

    /**
     * How many certificates certcourier.certificate.not.after.timestamp shows at most, those that end first; 0 shows none. Each
     * is a time series, so it is for small installations.
     */
    @WithDefault("0")
    @Min(0)
    @Max(1000)
    int certificatesShown();

    /** Requests that one caller may make in a minute of one replica; more are answered with 429. Without tokens all are one. */
    @WithDefault("1200")
    @Min(1)
    int requestsPerMinute();

    /**
     * Whether AWS-LC's machine code does the cryptography, where it can be loaded; else the JDK's own does, which takes several
     * times the CPU time for an event.
     */
    @WithDefault("true")
    boolean nativeCrypto();
}
