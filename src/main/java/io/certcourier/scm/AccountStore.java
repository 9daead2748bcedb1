package io.certcourier.scm;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Jdbi;

/** The configured accounts as they are now, for people. No credential, and no endpoint. */
@ApplicationScoped
public class AccountStore {

    /**
     * @param breaker CLOSED: it is called; OPEN: the cloud denied it; PROBING: one call has to prove it; PAUSED: by an operator
     * @param reasonCode why it is OPEN; else null
     * @param nextProbeAt when the next probe is made; null if none will be by itself
     * @param targets that may be pushed to
     * @param budgets by operation
     */
    public record AccountState(String account, String breaker, String reasonCode, Instant nextProbeAt, List<String> targets,
            Map<String, Budget> budgets) {
    }

    /**
     * Calls per minute.
     *
     * @param configured what the configuration grants
     * @param perMinute what is in force after 429s
     * @param available calls that could be made now
     */
    public record Budget(double configured, double perMinute, double available) {
    }

    private final Jdbi jdbi;
    private final ScmAccounts accounts;

    AccountStore(Jdbi jdbi, ScmAccounts accounts) {
        this.jdbi = jdbi;
        this.accounts = accounts;
    }

    /** All accounts in the order of their names. */
    public List<AccountState> all() {
        return jdbi.inTransaction(tx -> {
            var budgets = new TreeMap<String, Map<String, Budget>>();
            tx.createQuery("SELECT account, operation, configured, per_minute, tokens_now(b) AS available FROM rate_bucket b")
                    .map((rs, ctx) -> budgets.computeIfAbsent(rs.getString("account"), a -> new TreeMap<>()).put(
                            rs.getString("operation"), new Budget(rs.getDouble("configured"), rs.getDouble("per_minute"),
                                    Math.max(0, rs.getDouble("available")))))
                    .list();
            return tx.createQuery("""
                    SELECT account, breaker, breaker_reason,
                           CASE WHEN breaker IN ('OPEN', 'PROBING') AND probe_at < 'infinity' THEN probe_at END AS probe_at
                      FROM account WHERE account = ANY (:names) ORDER BY account""")
                    .bindArray("names", String.class, accounts.names())
                    .map((rs, ctx) -> new AccountState(rs.getString("account"), rs.getString("breaker"),
                            rs.getString("breaker_reason"), instant(rs.getObject("probe_at", OffsetDateTime.class)),
                            accounts.allowedTargets(rs.getString("account")).stream().map(Object::toString).toList(),
                            budgets.getOrDefault(rs.getString("account"), Map.of())))
                    .list();
        });
    }

    private static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
