package io.certcourier.renewal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jdbi.v3.core.Handle;

import io.certcourier.certificate.Target;
import io.certcourier.certificate.TargetService;
import io.certcourier.renewal.Claim.Lease;
import io.certcourier.renewal.Claim.TargetRow;
import io.certcourier.scm.PushCall;

/** What a claim of pushes leaves in the database before the first of them: targets that are SENT, and a row per call. */
final class PushIntents {

    private static final String TARGET = " t.renewal, t.service, t.project, t.state, t.attempts, t.unknowns, t.target_certificate_id, t.failure ";

    /** A call as it stands in {@code attempt}. */
    record Planned(UUID renewal, String account, int round, long epoch, String operation, String service,
            List<String> projects) {

        static Planned of(Lease lease, int round, PushCall call) {
            return new Planned(lease.id(), lease.account(), round, lease.epoch(), call.operation().label(),
                    call.service().name(), call.targets().stream().map(Target::project).toList());
        }
    }

    private PushIntents() {
    }

    /** Of each renewal, in the order of service and project. */
    static Map<UUID, Map<Target, TargetRow>> targets(Handle tx, List<UUID> renewals) {
        var found = new HashMap<UUID, Map<Target, TargetRow>>();
        renewals.forEach(id -> found.put(id, new LinkedHashMap<>()));
        tx.createQuery("SELECT" + TARGET + "FROM renewal_target t WHERE t.renewal = ANY (:ids) ORDER BY 1, 2, 3")
                .bindArray("ids", UUID.class, renewals).map((rs, ctx) -> read(rs, found)).list();
        return found;
    }

    private static TargetRow read(ResultSet rs, Map<UUID, Map<Target, TargetRow>> into) throws SQLException {
        var target = new Target(TargetService.valueOf(rs.getString("service")), rs.getString("project"));
        var row = new TargetRow(target,
                new TargetResult(TargetState.valueOf(rs.getString("state")), rs.getInt("attempts"),
                        rs.getString("target_certificate_id"), Json.failure(rs.getString("failure"))),
                rs.getInt("unknowns"));
        into.get(rs.getObject("renewal", UUID.class)).put(target, row);
        return row;
    }

    /**
     * A target found SENT was sent by a lost owner, or its answer was lost: one more push that nobody knows of.
     *
     * @param targets shows them as they are then
     */
    static void markSent(Handle tx, List<Planned> calls, Map<UUID, Map<Target, TargetRow>> targets) {
        var renewals = new ArrayList<UUID>();
        var services = new ArrayList<String>();
        var projects = new ArrayList<String>();
        for (var call : calls) {
            for (var project : call.projects()) {
                renewals.add(call.renewal());
                services.add(call.service());
                projects.add(project);
            }
        }
        tx.createQuery(
                """
                        UPDATE renewal_target t
                           SET state = 'SENT', attempts = t.attempts + 1, unknowns = t.unknowns + CASE WHEN t.state = 'SENT' THEN 1 ELSE 0 END
                          FROM unnest(:renewals, :services, :projects) AS g(renewal, service, project)
                         WHERE t.renewal = g.renewal AND t.service = g.service AND t.project = g.project AND t.state IN ('WAITING', 'RETRY', 'SENT')
                        RETURNING"""
                        + TARGET)
                .bindArray("renewals", UUID.class, renewals).bindArray("services", String.class, services)
                .bindArray("projects", String.class, projects).map((rs, ctx) -> read(rs, targets)).list();
    }

    /** The ids of the attempts. */
    static Map<Planned, Long> begin(Handle tx, List<Planned> calls, String owner) {
        var begun = new HashMap<Planned, Long>();
        tx.createQuery(
                """
                        INSERT INTO attempt (renewal, account, round, epoch, owner, operation, service, projects)
                        SELECT c.renewal, c.account, c.round, c.epoch, :owner, c.operation, c.service, c.projects
                          FROM jsonb_to_recordset(:calls::jsonb)
                                 AS c(renewal uuid, account text, round integer, epoch bigint, operation text, service text, projects text[])
                        RETURNING id, renewal, account, round, epoch, operation, service, projects""")
                .bind("owner", owner).bind("calls", Json.write(calls))
                .map((rs, ctx) -> begun.put(planned(rs), rs.getLong("id"))).list();
        return begun;
    }

    private static Planned planned(ResultSet rs) throws SQLException {
        return new Planned(rs.getObject("renewal", UUID.class), rs.getString("account"), rs.getInt("round"),
                rs.getLong("epoch"),
                rs.getString("operation"), rs.getString("service"),
                List.of((String[]) rs.getArray("projects").getArray()));
    }
}
