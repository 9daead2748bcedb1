package io.certcourier.renewal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;

import io.certcourier.certificate.Target;
import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.renewal.Planner.Plan;

/** Writes newcomers' rows: renewals, sealed keys, targets. */
@ApplicationScoped
class NewRenewals {

    /** How a newcomer starts: planned, queued, or ended at once. */
    record Start(State state, Plan plan, Instant notBefore, Failure failure, UUID supersededBy) {

        static Start planned(Plan plan, Instant notBefore) {
            return new Start(plan.state(), plan, notBefore, null, null);
        }

        static Start queued() {
            return new Start(State.QUEUED, null, null, null, null);
        }

        static Start ended(State state, Failure failure, UUID supersededBy) {
            return new Start(state, null, null, failure, supersededBy);
        }

        /** Null for a renewal that starts like any other. */
        String reasonCode() {
            if (state == State.RESOLVING) {
                return ReasonCode.IMPORT_OUTCOME_UNKNOWN.name();
            }
            return failure == null ? null : failure.reasonCode();
        }

        Map<Target, String> present() {
            return plan == null ? Map.of() : plan.present();
        }
    }

    private final KeySafe keySafe;

    NewRenewals(KeySafe keySafe) {
        this.keySafe = keySafe;
    }

    /** Nothing is written before the batch is flushed. */
    Batch in(Handle tx) {
        return new Batch(tx);
    }

    /**
     * Rows of one transaction that wait to be written, each table's in one way to the database. Who reads or changes rows of a
     * subject or leaf that it holds has to flush it first.
     */
    final class Batch {

        private final Handle tx;
        private final List<Row> rows = new ArrayList<>();
        private final Set<String> touched = new HashSet<>();

        private Batch(Handle tx) {
            this.tx = tx;
        }

        Handle tx() {
            return tx;
        }

        void add(Newcomer newcomer, Subject subject, long generation, Start start) {
            rows.add(
                    new Row(newcomer, subject.key(), RenewalInsert.replacedUntil(newcomer.request(), subject), generation,
                            start));
            touched.add(subject.key());
            touched.add(newcomer.leaf());
        }

        boolean holds(Newcomer newcomer, Subject subject) {
            return touched.contains(subject.key()) || newcomer.leaf() != null && touched.contains(newcomer.leaf());
        }

        void flush() {
            if (!rows.isEmpty()) {
                insertRenewals(tx, rows);
                insertTargets(tx, rows);
                insertKeys(tx, rows);
                rows.clear();
                touched.clear();
            }
        }
    }

    /** @param replacedUntil end of the certificate in service until now; null if none is known */
    record Row(Newcomer newcomer, String subjectKey, Instant replacedUntil, long generation, Start start) {

        RenewalRequest request() {
            return newcomer.request();
        }
    }

    private static void insertRenewals(Handle tx, List<Row> rows) {
        var again = rows.stream().filter(row -> row.newcomer.round() > 1).map(row -> row.request().id()).toList();
        if (!again.isEmpty()) {
            tx.createUpdate("DELETE FROM renewal_target WHERE renewal = ANY (:ids)").bindArray("ids", UUID.class, again)
                    .execute();
        }
        var batch = tx.prepareBatch(RenewalInsert.SQL);
        rows.forEach(row -> {
            RenewalInsert.bind(batch, row);
            batch.add();
        });
        int[] written = batch.execute();
        for (int i = 0; i < written.length; i++) {
            if (written[i] != 1) {
                throw new IllegalStateException("renewal " + rows.get(i).request().id() + " is open and was to be stored anew");
            }
        }
    }

    private static void insertTargets(Handle tx, List<Row> rows) {
        var batch = tx.prepareBatch("""
                INSERT INTO renewal_target (renewal, service, project, state, target_certificate_id, done_at)
                VALUES (:id, :service, :project, :state, nullif(:copy, ''), CASE WHEN :present THEN now() END)""");
        for (var row : rows) {
            var whenNotPresent = row.start.state().terminal() ? TargetState.SKIPPED : TargetState.WAITING;
            for (var target : row.request().targets()) {
                String copy = row.start.present().get(target);
                batch.bind("id", row.request().id()).bind("service", target.service().name()).bind("project", target.project())
                        .bind("state", (copy == null ? whenNotPresent : TargetState.PRESENT).name())
                        .bind("copy", copy).bind("present", copy != null).add();
            }
        }
        batch.execute();
    }

    private void insertKeys(Handle tx, List<Row> rows) {
        var batch = tx.prepareBatch("""
                INSERT INTO renewal_key (renewal, tink_key_id, ciphertext, leaf_pem, chain_pem)
                VALUES (:id, :keyId, :ciphertext, :leaf, :chain)""");
        for (var row : rows) {
            if (!row.start.state().terminal()) {
                var request = row.request();
                var sealed = keySafe.seal(request.id(), request.bundle().keyPem());
                batch.bind("id", request.id()).bind("keyId", sealed.tinkKeyId()).bind("ciphertext", sealed.ciphertext())
                        .bind("leaf", request.bundle().leafPem()).bind("chain", request.bundle().chainPem()).add();
            }
        }
        batch.execute();
    }
}
