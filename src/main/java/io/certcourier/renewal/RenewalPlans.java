package io.certcourier.renewal;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jdbi.v3.core.Handle;

import io.certcourier.certificate.Target;
import io.certcourier.certificate.TargetService;
import io.certcourier.renewal.RenewalPlan.PlannedCall;
import io.certcourier.renewal.RenewalPlan.PlannedTarget;
import io.certcourier.scm.PushCall;
import io.certcourier.scm.ScmClient;
import io.certcourier.scm.ScmOperation;

/** Tells what a stored renewal will do; only asked before its transaction is rolled back. */
@ApplicationScoped
class RenewalPlans {

    private final ScmClient scm;

    RenewalPlans(ScmClient scm) {
        this.scm = scm;
    }

    private record Row(Target target, TargetState state) {

        PlannedTarget planned() {
            return new PlannedTarget(target.service().name(), target.project().isEmpty() ? null : target.project(),
                    state.name());
        }
    }

    RenewalPlan of(Handle tx, UUID id, boolean duplicate) {
        var targets = tx.createQuery("SELECT service, project, state FROM renewal_target WHERE renewal = :id ORDER BY 1, 2")
                .bind("id", id)
                .map((row, context) -> new Row(
                        new Target(TargetService.valueOf(row.getString("service")), row.getString("project")),
                        TargetState.valueOf(row.getString("state"))))
                .list();
        return tx.createQuery("""
                SELECT state, certificate_name, account, certificate, superseded_by, deadline_at FROM renewal WHERE id = :id""")
                .bind("id", id).map((row, context) -> new RenewalPlan(id, duplicate, row.getString("state"),
                        row.getString("certificate_name"), row.getString("account"),
                        Json.certificate(row.getString("certificate")), row.getObject("superseded_by", UUID.class),
                        targets.stream().map(Row::planned).toList(),
                        duplicate ? List.of() : calls(State.valueOf(row.getString("state")), targets),
                        row.getObject("deadline_at", OffsetDateTime.class).toInstant()))
                .one();
    }

    private List<PlannedCall> calls(State state, List<Row> targets) {
        var calls = new ArrayList<PlannedCall>();
        switch (state) {
            case READY, QUEUED -> {
                calls.add(new PlannedCall(ScmOperation.IMPORT.label(), null, null));
                calls.add(new PlannedCall(ScmOperation.LIST.label(), null, null));
            }
            case IMPORTING, RESOLVING, CONFIRMING -> calls.add(new PlannedCall(ScmOperation.LIST.label(), null, null));
            case PUSHING -> {
            }
            case HELD, SUCCEEDED, UNCHANGED, PARTIAL, FAILED, REJECTED, SUPERSEDED, EXPIRED, CANCELLED -> {
                return List.of();
            }
        }
        var missing = targets.stream().filter(row -> !row.state().reached()).map(Row::target).toList();
        scm.plan(missing).forEach(call -> calls.add(planned(call)));
        return calls;
    }

    private static PlannedCall planned(PushCall call) {
        var projects = call.targets().stream().map(Target::project).filter(project -> !project.isEmpty()).toList();
        return new PlannedCall(call.operation().label(), call.service().name(), projects.isEmpty() ? null : projects);
    }
}
