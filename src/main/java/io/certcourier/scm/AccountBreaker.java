package io.certcourier.scm;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Whether an account may be called at all: CLOSED normally, OPEN after the cloud denied it (an access key that fails too often
 * is locked), PROBING until one list call has proven new credentials, PAUSED by an operator. Opening costs nothing per
 * waiting renewal: nothing is claimed any more.
 */
@ApplicationScoped
public class AccountBreaker {

    private static final Logger LOG = Logger.getLogger(AccountBreaker.class);

    private final Jdbi jdbi;
    private final ScmAccounts accounts;

    AccountBreaker(Jdbi jdbi, ScmAccounts accounts) {
        this.jdbi = jdbi;
        this.accounts = accounts;
    }

    /**
     * Makes the rows of all configured accounts and their budgets; other credentials than before have to prove themselves
     * first.
     */
    public void configure() {
        jdbi.useTransaction(tx -> accounts.names().forEach(account -> {
            adopt(tx, account);
            for (var operation : ScmOperation.values()) {
                configureBudget(tx, account, operation);
            }
        }));
    }

    /** The account has other credentials than before, without a restart: they have to prove themselves. */
    void renewed(String account) {
        jdbi.useTransaction(tx -> adopt(tx, account));
    }

    /** A look in flight was made with the old ones, so its answer must not count as the proof. */
    private void adopt(Handle tx, String account) {
        tx.createUpdate(
                """
                        INSERT INTO account (account, credentials) VALUES (:account, :credentials)
                        ON CONFLICT (account) DO UPDATE
                           SET credentials = excluded.credentials, breaker = CASE WHEN account.breaker = 'PAUSED' THEN 'PAUSED' ELSE 'PROBING' END,
                               breaker_reason = NULL, probes = 0, probe_at = now(), look_owner = NULL, look_until = '-infinity', updated_at = now()
                         WHERE account.credentials <> excluded.credentials""")
                .bind("account", account).bind("credentials", accounts.credentialsDigest(account)).execute();
    }

    /** The credentials have run out: stops the account, before a call is refused. */
    void expired(String account) {
        jdbi.useTransaction(tx -> {
            accounts.get(account).credentials().denied();
            open(tx, account, "PROVIDER_AUTH");
        });
    }

    /**
     * The accounts that this replica may take up work of: none whose credentials have run out, nor one that refused ours while
     * another replica has others.
     */
    public List<String> callable() {
        return accounts.names().stream().filter(this::mayCall).toList();
    }

    private boolean mayCall(String account) {
        ScmAccount caller = accounts.get(account);
        return !caller.credentialsExpired()
                && (!caller.credentials().areRefused() || jdbi.withHandle(handle -> areStored(handle, account)));
    }

    private boolean areStored(Handle handle, String account) {
        return handle.createQuery("SELECT credentials = :credentials FROM account WHERE account = :account")
                .bind("account", account).bind("credentials", accounts.credentialsDigest(account)).mapTo(Boolean.class).one();
    }

    private void configureBudget(Handle tx, String account, ScmOperation operation) {
        String perMinute = CallBudget.perMinute(":budget");
        tx.createUpdate(
                """
                        INSERT INTO rate_bucket (account, operation, configured, per_minute, burst, tokens)
                        VALUES (:account, :operation, :budget, <per_minute>, <burst>, <burst>)
                        ON CONFLICT (account, operation) DO UPDATE
                           SET configured = excluded.configured, per_minute = excluded.per_minute, burst = excluded.burst,
                               tokens = least(rate_bucket.tokens, excluded.burst), lowered_at = NULL
                         WHERE rate_bucket.configured <> excluded.configured OR rate_bucket.lowered_at IS NULL
                            AND (rate_bucket.per_minute, rate_bucket.burst) <> (excluded.per_minute, excluded.burst)""")
                .define("per_minute", perMinute).define("burst", CallBudget.burst(perMinute)).bind("account", account)
                .bind("operation", operation.label())
                .bind("budget", (double) accounts.budgetPerMinute(account, operation)).execute();
    }

    /**
     * The cloud denied the account: stop calling it. If others than the credentials in force were denied, a probe decides. The
     * row stays locked until the transaction ends, so that a hold stored in the same transaction cannot miss the release.
     *
     * @param reason our reason code
     */
    public void open(Handle tx, String account, String reason) {
        tx.execute("SELECT 1 FROM account WHERE account = ? FOR UPDATE", account);
        if (!accounts.get(account).credentials().wereEverDenied() || !areStored(tx, account)) {
            probe(tx, account);
            return;
        }
        int opened = tx
                .createUpdate(
                        """
                                UPDATE account SET breaker = CASE WHEN breaker = 'PAUSED' THEN breaker ELSE 'OPEN' END, breaker_reason = :reason, probes = probes + 1,
                                       probe_at = CASE WHEN probes >= 3 THEN 'infinity'::timestamptz ELSE now() + interval '10 min' * power(2, probes) END,
                                       look_owner = NULL, look_until = '-infinity', updated_at = now()
                                 WHERE account = :account AND (breaker <> 'OPEN' OR probe_at <= now())""")
                .bind("account", account).bind("reason", reason).execute();
        if (opened > 0) {
            LOG.errorf("account stopped, a person must act: account=%s reason=%s", account, reason);
        }
    }

    private static void probe(Handle tx, String account) {
        tx.createUpdate(
                """
                        UPDATE account SET breaker = 'PROBING', probe_at = now(), look_owner = NULL, look_until = '-infinity', updated_at = now()
                         WHERE account = :account AND breaker = 'CLOSED'""")
                .bind("account", account).execute();
    }

    /** An import or push succeeded again; a list that works proves too little. */
    public void proven(Handle tx, String account) {
        tx.createUpdate("UPDATE account SET probes = 0, updated_at = now() WHERE account = :account AND probes > 0")
                .bind("account", account).execute();
    }

    /** CLOSED, OPEN, PROBING or PAUSED at this moment; nothing is locked. */
    public String stateNow(Handle tx, String account) {
        return tx.createQuery("SELECT breaker FROM account WHERE account = :account").bind("account", account)
                .mapTo(String.class).one();
    }

    /** CLOSED, OPEN, PROBING or PAUSED; the row stays locked until the transaction ends. */
    public String state(Handle tx, String account) {
        return tx.createQuery("SELECT breaker FROM account WHERE account = :account FOR UPDATE").bind("account", account)
                .mapTo(String.class).one();
    }

    /** @return false if it is paused already */
    public boolean pause(Handle tx, String account) {
        return tx.execute(
                """
                        UPDATE account SET breaker = 'PAUSED', breaker_reason = NULL, look_owner = NULL, look_until = '-infinity', updated_at = now()
                         WHERE account = ? AND breaker <> 'PAUSED'""",
                account) == 1;
    }

    /**
     * One list call decides, at once.
     *
     * @return false if the account is called anyway
     */
    public boolean resume(Handle tx, String account) {
        return tx.execute("""
                UPDATE account SET breaker = 'PROBING', breaker_reason = NULL, probes = 0, probe_at = now(), updated_at = now()
                 WHERE account = ? AND breaker IN ('PAUSED', 'OPEN')""", account) == 1;
    }
}
