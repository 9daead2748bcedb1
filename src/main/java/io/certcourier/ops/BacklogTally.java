package io.certcourier.ops;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

import io.certcourier.ops.Backlog.Breaker;
import io.certcourier.ops.Backlog.Budget;
import io.certcourier.ops.Backlog.Certificate;
import io.certcourier.ops.Backlog.OfState;
import io.certcourier.outcome.OutboxStatus;
import io.certcourier.outcome.Outcomes;
import io.certcourier.renewal.RenewalFilter;

/** The queries behind the backlog gauges, which one replica at a time makes: the one that holds the duty tally. */
@ApplicationScoped
class BacklogTally {

    private static final String TAKE_DUTY = """
            UPDATE duty SET owner = :owner, until = now() + make_interval(secs => :lease),
                   epoch = epoch + CASE WHEN owner IS DISTINCT FROM :owner THEN 1 ELSE 0 END
             WHERE name = 'tally' AND (owner = :owner OR owner IS NULL OR until <= now())""";

    private static final String GIVE_DUTY_BACK = "UPDATE duty SET owner = NULL, until = '-infinity' WHERE name = 'tally' AND owner = ?";

    /** A leased row is due only when its lease has run out, a QUEUED one never; one whose account is held waits for that. */
    private static final String STATES = """
            SELECT r.state, count(*) AS open,
                   extract(epoch FROM now() - min(coalesce(r.waiting_since, r.accepted_at))) AS oldest,
                   extract(epoch FROM now() - min(r.next_at) FILTER (WHERE r.next_at <= now() AND r.state NOT IN ('QUEUED', 'HELD') AND a.breaker = 'CLOSED')) AS due,
                   extract(epoch FROM min(r.deadline_at) - now()) AS headroom
              FROM renewal r LEFT JOIN account a ON a.account = r.account
             WHERE r.ended_at IS NULL GROUP BY r.state""";

    private static final String KEYS = """
            SELECT count(*) AS sealed, count(*) FILTER (WHERE r.ended_at IS NOT NULL OR coalesce(r.held_from, r.state) = 'PUSHING') AS overdue
              FROM renewal_key k JOIN renewal r ON r.id = k.renewal""";

    private static final String BUDGETS = """
            SELECT account, operation, tokens_now(b) AS tokens, per_minute FROM rate_bucket b WHERE account = ANY (:accounts)
             ORDER BY account, operation""";

    private static final String BREAKERS = """
            SELECT account, breaker IN ('OPEN', 'PAUSED') AS open FROM account WHERE account = ANY (:accounts) ORDER BY account""";

    private static final String CERTIFICATES = """
            SELECT s.account, s.certificate_name, extract(epoch FROM r.not_after) AS not_after
              FROM subject s JOIN renewal r ON r.id = s.delivered_id
             ORDER BY r.not_after, s.subject_key LIMIT :shown""";

    private record StateRow(OfState state, OptionalDouble due, double headroom) {
    }

    private record Keys(long sealed, long overdue) {
    }

    private final Jdbi jdbi;
    private final Outcomes outcomes;
    private final int certificatesShown;
    private final String owner = UUID.randomUUID().toString();

    BacklogTally(Jdbi jdbi, Outcomes outcomes, OpsConfig config) {
        this.jdbi = jdbi;
        this.outcomes = outcomes;
        this.certificatesShown = config.certificatesShown();
    }

    /** What waits; empty while another replica has the duty. Accounts that are no longer configured are left out. */
    Optional<Backlog> take(Duration lease, Set<String> accounts) {
        int taken = jdbi.withHandle(h -> h.createUpdate(TAKE_DUTY).bind("owner", owner).bind("lease", lease.toSeconds())
                .execute());
        if (taken == 0) {
            return Optional.empty();
        }
        var outbox = outcomes.status();
        return Optional.of(jdbi.withHandle(h -> count(h, accounts, outbox)));
    }

    void giveDutyBack() {
        jdbi.useHandle(h -> h.execute(GIVE_DUTY_BACK, owner));
    }

    private Backlog count(Handle h, Set<String> accounts, OutboxStatus outbox) {
        var rows = h.createQuery(STATES).map((rs, ctx) -> stateRow(rs)).list();
        var keys = h.createQuery(KEYS).map((rs, ctx) -> new Keys(rs.getLong("sealed"), rs.getLong("overdue"))).one();
        var budgets = h.createQuery(BUDGETS).bindArray("accounts", String.class, accounts)
                .map((rs, ctx) -> new Budget(rs.getString("account"), rs.getString("operation"), rs.getDouble("tokens"),
                        rs.getDouble("per_minute")))
                .list();
        var breakers = h.createQuery(BREAKERS).bindArray("accounts", String.class, accounts)
                .map((rs, ctx) -> new Breaker(rs.getString("account"), rs.getBoolean("open"))).list();
        var certificates = h.createQuery(CERTIFICATES).bind("shown", certificatesShown)
                .map((rs, ctx) -> new Certificate(rs.getString("account"), rs.getString("certificate_name"),
                        rs.getDouble("not_after")))
                .list();
        double due = rows.stream().map(StateRow::due).flatMapToDouble(OptionalDouble::stream).max().orElse(0);
        var headroom = rows.stream().mapToDouble(StateRow::headroom).min();
        return new Backlog(allOpenStates(rows), due, headroom, outbox.pending(), outbox.oldestSeconds(), outbox.parked(),
                keys.sealed,
                keys.overdue, budgets, breakers, certificates);
    }

    /** A state in which nothing is has 0, so that a series never vanishes while it is watched. */
    private static List<OfState> allOpenStates(List<StateRow> rows) {
        var found = new HashMap<String, OfState>();
        rows.forEach(row -> found.put(row.state.state(), row.state));
        var states = new ArrayList<OfState>();
        for (String state : RenewalFilter.openStateNames()) {
            states.add(found.getOrDefault(state, new OfState(state, 0, 0)));
        }
        return states;
    }

    private static StateRow stateRow(ResultSet rs) throws SQLException {
        double due = rs.getDouble("due");
        return new StateRow(new OfState(rs.getString("state"), rs.getLong("open"), rs.getDouble("oldest")),
                rs.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(due), rs.getDouble("headroom"));
    }
}
