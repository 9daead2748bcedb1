package io.certcourier.ops;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;

import org.jboss.logging.Logger;

import io.certcourier.intake.IntakeConfig;
import io.certcourier.renewal.RenewalConfig;
import io.certcourier.scm.ScmConfig;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.SmallRyeConfig;

/**
 * Checks at the start what no single mapping can: keys that depend on each other, and environment variables that nobody reads.
 * It also claims the whole prefix, so that a key with a wrong package segment stops the boot instead of passing silently.
 */
@ApplicationScoped
class ConfigGuard {

    private static final Logger LOG = Logger.getLogger(ConfigGuard.class);
    private static final int CALLS_PER_LEASE = 3;

    private final RenewalConfig renewal;
    private final ScmConfig scm;

    /** @param prefix claimed by being asked for: a mapping that nobody injects guards nothing */
    ConfigGuard(RenewalConfig renewal, ScmConfig scm, ConfigPrefix prefix) {
        this.renewal = renewal;
        this.scm = scm;
    }

    /** Before the worker's loop begins. */
    void check(@Observes @Priority(1) StartupEvent event, BeanManager beans, OpsConfig ops, IntakeConfig intake,
            SmallRyeConfig config) {
        checkLease(renewal, scm);
        checkCallers(ops.allowAnonymous(), config.getValue("quarkus.oidc.tenant-enabled", boolean.class));
        if (intake.allowPlaintextKeys()) {
            LOG.warn("events may carry private keys in clear, and whoever reads the topic has them: "
                    + "certcourier.intake.allow-plaintext-keys is on");
        }
        var mappings = beans.getBeans(Object.class, Any.Literal.INSTANCE).stream().map(Bean::getBeanClass)
                .filter(type -> type.isAnnotationPresent(ConfigMapping.class) && type.getName().startsWith("io.certcourier."))
                .collect(Collectors.<Class<?>> toSet());
        unread(System.getenv(), ConfigKeys.of(mappings))
                .forEach(name -> LOG.warnf("no key reads this environment variable: %s", name));
    }

    /** A lease must outlast a call, the pause before it and its result's way into the database. */
    static void checkLease(RenewalConfig renewal, ScmConfig scm) {
        if (renewal.lease().compareTo(scm.callDeadline().multipliedBy(CALLS_PER_LEASE)) < 0) {
            throw new ConfigurationException("certcourier.renewal.lease (" + renewal.lease().toSeconds()
                    + " s) must be at least " + CALLS_PER_LEASE + " times certcourier.scm.call-deadline ("
                    + scm.callDeadline().toSeconds() + " s).",
                    Set.of("certcourier.renewal.lease", "certcourier.scm.call-deadline"));
        }
    }

    /** Somebody must be let in, and not everybody by oversight. */
    static void checkCallers(boolean anonymous, boolean tokens) {
        if (!anonymous && !tokens) {
            throw new ConfigurationException("The API would let nobody in: set quarkus.oidc.tenant-enabled=true and "
                    + "quarkus.oidc.auth-server-url to the issuer of its callers' tokens, or "
                    + "certcourier.ops.allow-anonymous=true if only trusted callers can reach it.",
                    Set.of("quarkus.oidc.tenant-enabled", "certcourier.ops.allow-anonymous"));
        }
        if (anonymous && tokens) {
            throw new ConfigurationException("certcourier.ops.allow-anonymous=true would let everybody in although "
                    + "quarkus.oidc.tenant-enabled=true asks for tokens: leave one of them out.",
                    Set.of("quarkus.oidc.tenant-enabled", "certcourier.ops.allow-anonymous"));
        }
        if (anonymous) {
            LOG.warn("the API lets everybody in who reaches it, in every role: certcourier.ops.allow-anonymous is on");
        }
    }

    /** Names only: a value may be a secret. */
    static List<String> unread(Map<String, String> environment, List<ConfigKeys.Key> keys) {
        Predicate<String> read = name -> keys.stream().anyMatch(key -> key.isVariable(name));
        return environment.keySet().stream().filter(name -> name.startsWith("CERTCOURIER_")).filter(read.negate()).sorted()
                .toList();
    }
}
