package io.certcourier.model;

import static io.certcourier.model.World.*;

import java.util.function.Consumer;

import io.certcourier.model.World.Field;
import io.certcourier.model.World.State;

/** RenewalStore.save and RetryRule: commit points C3 and C4, one transaction each. */
final class SaveSteps {

    private final Rules rules;
    private final Rows rows;

    SaveSteps(Rules rules, Rows rows) {
        this.rules = rules;
        this.rows = rows;
    }

    /** RenewalStore.end */
    void end(World world, int k, int r, Model.Steps steps) {
        save(world, k, r, w -> rows.endOwn(w, r, State.SUPERSEDED, false), "the end", steps);
    }

    /** RetryRule.afterImport and StepWrites.goOn */
    void afterImport(World world, int k, int r, Model.Steps steps) {
        switch (world.get(Field.ANSWER, k)) {
            case OK -> save(world, k, r, w -> {
                w.set(Field.ID, r, 1).set(Field.IMPORT_OPEN, r, 0);
                goOn(w, r, State.CONFIRMING, false);
            }, "that SCM took the import", steps);
            case UNKNOWN -> save(world, k, r, w -> {
                w.set(Field.UNKNOWNS, r, Math.min(2, w.get(Field.UNKNOWNS, r) + 1));
                goOn(w, r, State.RESOLVING, true);
            }, "that the import's answer was lost", steps);
            case NOT_SENT -> save(world, k, r, w -> notImported(w, r), "that it did not import", steps);
            case NOT_DONE -> save(world, k, r, w -> notImported(w, r), "that the import was not done", steps);
            default -> save(world, k, r, w -> {
                w.set(Field.IMPORT_OPEN, r, 0);
                rows.endOwn(w, r, State.FAILED, false);
            }, "that the import is refused for good", steps);
        }
    }

    private void notImported(World w, int r) {
        w.set(Field.IMPORT_OPEN, r, 0);
        goOn(w, r, State.READY, false);
    }

    /** RetryRule.afterPushes and StepWrites.complete */
    void afterPush(World world, int k, int r, Model.Steps steps) {
        switch (world.get(Field.ANSWER, k)) {
            case OK -> save(world, k, r, w -> {
                w.set(Field.TARGET, r, REACHED);
                rows.endOwn(w, r, State.SUCCEEDED, false);
            }, "that the target is reached", steps);
            case UNKNOWN -> save(world, k, r, w -> {
                w.set(Field.PUSH_OPEN, r, 1);
                goOn(w, r, State.PUSHING, true);
            }, "that the push's answer was lost", steps);
            case GIVEN_UP -> save(world, k, r, w -> {
                w.set(Field.PUSH_OPEN, r, 1).set(Field.TARGET, r, WAITING);
                rows.endOwn(w, r, State.FAILED, true);
            }, "that it gives the target up", steps);
            case NOT_SENT -> save(world, k, r, w -> goOn(w, r, State.PUSHING, false), "that it did not push", steps);
            case NOT_DONE -> save(world, k, r, w -> {
                w.set(Field.TARGET, r, WAITING);
                goOn(w, r, State.PUSHING, false);
            }, "that the push was not done", steps);
            default -> save(world, k, r, w -> {
                w.set(Field.TARGET, r, WAITING);
                rows.endOwn(w, r, State.FAILED, false);
            }, "that the push is refused for good", steps);
        }
    }

    /** The row goes on, or ends because its owner was asked to stop (RenewalStore.stopIn). */
    private void goOn(World w, int r, State state, boolean answerLost) {
        if (w.is(Field.STOP, r)) {
            rows.endOwn(w, r, State.SUPERSEDED, answerLost);
            return;
        }
        boolean waits = answerLost && rules.keep(Guard.LOST_ANSWER_IS_WAITED_OUT);
        rows.move(w, r, state);
        w.set(Field.OWNER, r, 0).set(Field.LEASE, r, waits ? OUT : NONE).set(Field.WAITS, r, waits ? 1 : 0);
    }

    /** Under the fence; the commit's answer may be lost, and then the worker saves again. */
    private void save(World world, int k, int r, Consumer<World> write, String what, Model.Steps steps) {
        boolean epoch = !world.is(Field.STALE, k);
        boolean owner = world.get(Field.OWNER, r) == k + 1 || !rules.keep(Guard.OWNER_ON_SAVE);
        var next = world.copy();
        if (rules.keep(Guard.EPOCH_ON_SAVE) && !(epoch && owner)) {
            WorkerSteps.forget(next, k);
            steps.to(next, "%w finds that %r is not its own any more (RenewalStore.fence)", k, r);
            return;
        }
        write.accept(next);
        var told = next.copy();
        WorkerSteps.forget(told, k);
        steps.to(told, "%w stores for %r " + what, k, r);
        steps.to(next, "%w stores for %r " + what + ", but the commit's answer is lost", k, r);
    }
}
