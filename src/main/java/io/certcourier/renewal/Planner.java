package io.certcourier.renewal;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;

import io.certcourier.certificate.Target;
import io.certcourier.certificate.TargetService;
import io.certcourier.scm.ScmClient;
import io.certcourier.scm.ScmOperation;

/**
 * Where a renewal starts when it becomes its subject's current one: what the account already did with this leaf need not be
 * done again.
 */
@ApplicationScoped
class Planner {

    /**
     * What is left to do.
     *
     * @param state READY, RESOLVING (an import of this leaf was sent and nobody knows its outcome), CONFIRMING (SCM has the
     *        leaf) or UNCHANGED (so has every
     *        wanted target)
     * @param scmCertificateId null with READY and RESOLVING
     * @param confirmedAt when a look last showed it; null unless UNCHANGED
     * @param present wanted targets that have it, with the id of their copy ("" if not known)
     */
    record Plan(State state, String scmCertificateId, Instant confirmedAt, Map<Target, String> present, Calls calls) {
    }

    /** Calls that the next push step needs. */
    record Calls(int push, int batchPush) {
    }

    private final ScmClient scm;

    Planner(ScmClient scm) {
        this.scm = scm;
    }

    /** @param always push to targets that have the leaf as well */
    Plan plan(Handle tx, String account, String leafSha256, Collection<Target> wanted, boolean always) {
        var knowledge = new Knowledge();
        tx.createQuery("""
                SELECT r.id, r.scm_certificate_id, r.confirmed_at, t.service, t.project, t.target_certificate_id
                  FROM renewal r LEFT JOIN renewal_target t ON t.renewal = r.id AND t.state IN ('PUSHED', 'PRESENT')
                 WHERE r.account = :account AND r.leaf_sha256 = decode(:leaf, 'hex') AND r.scm_certificate_id IS NOT NULL
                 ORDER BY r.confirmed_at DESC NULLS LAST, r.id""")
                .bind("account", account).bind("leaf", leafSha256)
                .map((rs, ctx) -> {
                    knowledge.learn(rs.getString("scm_certificate_id"), rs.getTimestamp("confirmed_at"));
                    if (rs.getString("service") != null) {
                        knowledge.present.putIfAbsent(
                                new Target(TargetService.valueOf(rs.getString("service")), rs.getString("project")),
                                rs.getString("target_certificate_id") == null ? "" : rs.getString("target_certificate_id"));
                    }
                    return rs.getObject("id", UUID.class);
                }).list();
        knowledge.present.keySet().retainAll(wanted);
        if (always) {
            knowledge.present.clear();
        }
        if (knowledge.scmCertificateId == null) {
            return new Plan(importIsOpen(tx, account, leafSha256) ? State.RESOLVING : State.READY, null, null, Map.of(),
                    calls(wanted));
        }
        if (knowledge.confirmedAt != null && knowledge.present.keySet().containsAll(wanted)) {
            return new Plan(State.UNCHANGED, knowledge.scmCertificateId, knowledge.confirmedAt, knowledge.present,
                    new Calls(0, 0));
        }
        var missing = wanted.stream().filter(t -> !knowledge.present.containsKey(t)).toList();
        return new Plan(State.CONFIRMING, knowledge.scmCertificateId, null, knowledge.present, calls(missing));
    }

    /** An import is never repeated blindly, whichever renewal sent it. */
    private static boolean importIsOpen(Handle tx, String account, String leafSha256) {
        return tx.createQuery(
                """
                        SELECT EXISTS (SELECT 1 FROM renewal r JOIN attempt a ON a.renewal = r.id
                                        WHERE r.account = :account AND r.leaf_sha256 = decode(:leaf, 'hex') AND r.scm_certificate_id IS NULL
                                          AND a.operation = 'import' AND (a.outcome IS NULL OR a.outcome IN ('UNKNOWN', 'ZOMBIE')))""")
                .bind("account", account).bind("leaf", leafSha256).mapTo(Boolean.class).one();
    }

    Calls calls(Collection<Target> targets) {
        var calls = scm.plan(targets);
        int batch = (int) calls.stream().filter(c -> c.operation() == ScmOperation.BATCH_PUSH).count();
        return new Calls(calls.size() - batch, batch);
    }

    private static final class Knowledge {
        private final Map<Target, String> present = new HashMap<>();
        private String scmCertificateId;
        private Instant confirmedAt;

        void learn(String id, java.sql.Timestamp confirmed) {
            if (scmCertificateId == null) {
                scmCertificateId = id;
            }
            if (confirmedAt == null && confirmed != null) {
                confirmedAt = confirmed.toInstant();
            }
        }
    }
}
