package io.certcourier.scm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/**
 * Looks at the files of credentials again and again, and tells the breaker what has changed. Content is compared, not a time of
 * change: so it does not matter whether a file is written, renamed, or a link to it moved.
 */
@ApplicationScoped
class CredentialsWatch {

    private static final Logger LOG = Logger.getLogger(CredentialsWatch.class);

    private final ScmAccounts accounts;
    private final AccountBreaker breaker;
    private final long pollMillis;
    /** What the database knows of: by account the digest. */
    private final Map<String, String> told = new ConcurrentHashMap<>();
    /** By account the credentials whose end was told. */
    private final Map<String, Credentials> ended = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "credentials");
        daemon.setDaemon(true);
        return daemon;
    });

    CredentialsWatch(ScmAccounts accounts, AccountBreaker breaker, ScmConfig config) {
        this.accounts = accounts;
        this.breaker = breaker;
        this.pollMillis = config.credentialsPoll().toMillis();
    }

    void start(@Observes StartupEvent event) {
        accounts.names().forEach(name -> told.put(name, accounts.credentialsDigest(name)));
        thread.scheduleWithFixedDelay(this::round, pollMillis, pollMillis, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdown();
    }

    private void round() {
        for (String name : accounts.names()) {
            try {
                look(accounts.get(name));
            } catch (JdbiException e) {
                LOG.debugf("the breaker cannot be told now, the next round will: account=%s", name);
            } catch (RuntimeException e) {
                LOG.errorf(e, "credentials could not be looked at: account=%s", name);
            }
        }
    }

    private void look(ScmAccount account) {
        account.refreshCredentials();
        String digest = account.credentialsDigest();
        if (!digest.equals(told.get(account.name()))) {
            breaker.renewed(account.name());
            told.put(account.name(), digest);
        }
        Credentials keys = account.credentials();
        if (account.credentialsExpired() && ended.get(account.name()) != keys) {
            breaker.expired(account.name());
            ended.put(account.name(), keys);
            LOG.errorf("credentials have run out, the account is not called until there are others: account=%s",
                    account.name());
        }
    }
}
