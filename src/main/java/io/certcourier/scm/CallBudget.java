package io.certcourier.scm;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Calls per minute of each account and operation, as token buckets in the database that all replicas share: refilled so that
 * any 60 seconds hold at most N, burst included. Claims take their tokens in their own statement; this class has the rest.
 */
@ApplicationScoped
public class CallBudget {

    private final Jdbi jdbi;

    CallBudget(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * What of a budget goes unused while work waits is its burst, so it is small; but the tokens between two polls should fit,
     * and both batch pushes of a step.
     *
     * @param perMinute an SQL expression
     */
    static String burst(String perMinute) {
        return "greatest(1, least(2, %1$s / 9), %1$s / 40)".formatted(perMinute);
    }

    /**
     * What a minute gets of a configured budget. A call arrives up to a second after its token was taken, earlier ones at once,
     * so a minute at the cloud may hold the tokens of 61 seconds.
     *
     * @param configured an SQL expression
     */
    static String perMinute(String configured) {
        return "greatest(2, %s * 60 / 61)".formatted(configured);
    }

    /** One token outside a claim; false if there is none now. */
    public boolean take(String account, ScmOperation operation) {
        return jdbi.inTransaction(tx -> tx.createUpdate("""
                UPDATE rate_bucket b SET tokens = tokens_now(b) - 1, refilled_at = greatest(b.refilled_at, now())
                 WHERE b.account = :account AND b.operation = :operation AND tokens_now(b) >= 1""")
                .bind("account", account).bind("operation", operation.label()).execute()) == 1;
    }

    /** Gives back tokens that a claim reserved and that no call used. */
    public void give(Handle tx, String account, ScmOperation operation, int tokens) {
        if (tokens <= 0) {
            return;
        }
        tx.createUpdate(
                """
                        UPDATE rate_bucket b SET tokens = least(b.burst, tokens_now(b) + :tokens), refilled_at = greatest(b.refilled_at, now())
                         WHERE b.account = :account AND b.operation = :operation AND b.blocked_until <= now()""")
                .bind("account", account).bind("operation", operation.label()).bind("tokens", tokens).execute();
    }

    /**
     * The cloud said 429: no call of this kind until the pause is over, and fewer per minute from then on (one lowering per
     * minute).
     * Without a limit named in the answer the budget is halved.
     *
     * @param pause what the answer asked for, or our own guess
     */
    public void lower(Handle tx, String account, ScmFailure.Throttled throttled, Duration pause) {
        var limit = throttled.limitPerMinute();
        tx.createUpdate("""
                UPDATE rate_bucket b
                   SET tokens = 0, blocked_until = greatest(b.blocked_until, now() + make_interval(secs => :pause)),
                       refilled_at = greatest(b.blocked_until, now() + make_interval(secs => :pause)),
                       per_minute = n.v, burst = <burst>, lowered_at = now()
                  FROM (SELECT account, operation,
                               CASE WHEN lowered_at > now() - interval '60 s' THEN per_minute
                                    ELSE greatest(2, least(per_minute, coalesce(:limit * 0.9, per_minute / 2))) END AS v
                          FROM rate_bucket WHERE account = :account AND operation = :operation FOR UPDATE) n
                 WHERE b.account = n.account AND b.operation = n.operation""")
                .define("burst", burst("n.v"))
                .bind("account", account).bind("operation", throttled.details().operation().label())
                .bind("pause", pause.toMillis() / 1000.0).bind("limit", limit.isPresent() ? (Double) limit.getAsDouble() : null)
                .execute();
    }

    /**
     * Raises lowered budgets again: 10 % of the configured value for every quiet 10 minutes. To be called every minute; several
     * replicas at once raise it once.
     */
    public void recover() {
        String full = perMinute("configured");
        String raised = "least(%s, per_minute + configured / 10)".formatted(full);
        jdbi.useTransaction(tx -> tx.createUpdate("""
                UPDATE rate_bucket SET per_minute = <raised>, burst = <burst>,
                       lowered_at = CASE WHEN per_minute + configured / 10 >= <full> THEN NULL ELSE now() END
                 WHERE lowered_at < now() - interval '10 minutes'""")
                .define("raised", raised).define("burst", burst(raised)).define("full", full).execute());
    }
}
