package io.certcourier.renewal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Keys of the renewal engine. */
@ConfigMapping(prefix = "certcourier.renewal")
public interface RenewalConfig {

    /**
     * Renewals that one replica calls SCM for at once. More shortens a backlog until the call budget is the limit; each takes a
     * thread and a half.
     */
    @WithDefault("16")
    @Min(1)
    @Max(256)
    int concurrency();

    /**
     * How long a claimed renewal belongs to its replica without a sign of life; at least three call deadlines. Longer delays
     * the recovery after a crash.
     */
    @WithDefault("60s")
    Duration lease();

    /** Pause between two looks at the queue while idle. Longer delays work that another replica has left. */
    @WithDefault("1s")
    Duration poll();

    /**
     * A renewal that is not delivered after this time ends EXPIRED (or PARTIAL); the event's expirytime and the certificate's
     * own end come first.
     */
    @WithDefault("7d")
    Duration deadline();

    Backoff backoff();

    /**
     * File with the Tink keyset (JSON, AES256_GCM) that seals private keys at rest. Without one, prod does not start and other
     * profiles use one that dies with the process.
     */
    Optional<Path> keyset();

    /** Ended renewals are purged after this time; an operator can start another round until then. */
    @WithDefault("90d")
    Duration retention();

    /** Tries of a push that the cloud calls worth only a few. */
    @WithDefault("5")
    @Min(1)
    @Max(100)
    int targetAttempts();

    /** Full-jitter exponential backoff: random(1 s, min(max, initial * 2^attempts)). */
    interface Backoff {

        /** Upper bound of the first pause. */
        @WithDefault("2s")
        Duration initial();

        /** Upper bound of every pause. Longer spares the cloud in an outage and delays the recovery after it. */
        @WithDefault("30m")
        Duration max();
    }
}
