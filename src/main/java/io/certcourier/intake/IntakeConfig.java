package io.certcourier.intake;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What intake accepts, and where events go that name no account or target. */
@ConfigMapping(prefix = "certcourier.intake")
public interface IntakeConfig {

    /** Accept {@code privateKeyPem}, a key in clear on the topic; for development only, everyone who reads the topic has it. */
    @WithDefault("false")
    boolean allowPlaintextKeys();

    /**
     * File with the JWK set whose private keys (EC, P-256, with kid) open {@code privateKeyJwe}; read again when it changes.
     */
    Optional<Path> recipientKeys();

    /** Largest value of a record, in bytes; a larger one is refused unread. */
    @WithDefault("65536")
    @Min(1024)
    @Max(1048576)
    int maxEventBytes();

    /** In order; the first one that matches decides for an event that leaves account or targets open. */
    List<Route> routes();

    /** Where certificates go whose event does not say it. */
    interface Route {

        /** Glob ({@code *}, {@code ?}; case does not matter) on the certificate name or on any DNS name of the certificate. */
        String match();

        /** Name of a configured account; without it the event's, else {@code default}. */
        Optional<String> account();

        /** Targets as {@code CDN,ELB@cn-north-4}; each must be on the account's allow list. */
        Optional<List<String>> targets();
    }
}
