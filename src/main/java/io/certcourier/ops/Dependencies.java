package io.certcourier.ops;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Jdbi;

import io.certcourier.scm.ScmAccounts;

/** What the service depends on, as its own tables tell; nobody outside is called. */
@ApplicationScoped
class Dependencies {

    /** Few enough for a person's request, and read backwards by key however long the history is. */
    private static final String ACCOUNTS = """
            WITH latest AS MATERIALIZED (SELECT account, outcome, ended_at FROM attempt ORDER BY id DESC LIMIT 1000)
            SELECT a.account, a.breaker, max(l.ended_at) AS last_success
              FROM account a LEFT JOIN latest l ON l.account = a.account AND l.outcome = 'OK'
             WHERE a.account = ANY (:accounts) GROUP BY a.account, a.breaker ORDER BY a.account""";

    /** As the gauge certcourier.renewals.oldest.due has it, on every replica. */
    private static final String OLDEST_DUE = """
            SELECT coalesce(max(extract(epoch FROM now() - r.next_at)), 0) FROM renewal r JOIN account a ON a.account = r.account
             WHERE r.ended_at IS NULL AND r.next_at <= now() AND r.state NOT IN ('QUEUED', 'HELD') AND a.breaker = 'CLOSED'""";

    /**
     * @param breaker CLOSED, PROBING, OPEN or PAUSED
     * @param lastSuccess when SCM last answered a call as hoped; null if none of the last 1000 calls of all accounts tells
     */
    record Account(String name, String breaker, Instant lastSuccess) {
    }

    private final Jdbi jdbi;
    private final ScmAccounts configured;

    Dependencies(Jdbi jdbi, ScmAccounts configured) {
        this.jdbi = jdbi;
        this.configured = configured;
    }

    /** The configured accounts by name. */
    List<Account> accounts() {
        return jdbi.withHandle(h -> h.createQuery(ACCOUNTS).bindArray("accounts", String.class, configured.names())
                .map((rs, ctx) -> {
                    var last = rs.getObject("last_success", OffsetDateTime.class);
                    return new Account(rs.getString("account"), rs.getString("breaker"),
                            last == null ? null : last.toInstant());
                }).list());
    }

    /** For how long the renewal that waits longest could have been worked on; 0 if none is due. */
    double oldestDueSeconds() {
        return jdbi.withHandle(h -> h.createQuery(OLDEST_DUE).mapTo(Double.class).one());
    }
}
