package io.certcourier.model;

import static io.certcourier.model.World.*;

import io.certcourier.model.World.Field;
import io.certcourier.model.World.State;

/** Makes states equal that differ in nothing which matters, so that fewer are left to visit. */
final class Reduction {

    private final boolean plansLookBack;
    private final boolean fenced;

    Reduction(Rules rules) {
        this.plansLookBack = rules.scenario() == Scenario.SAME_LEAF;
        this.fenced = rules.keep(Guard.EPOCH_ON_SAVE) && rules.keep(Guard.OWNER_ON_SAVE);
    }

    /** Forgets what no later step asks for. */
    void forget(World w) {
        if (w.get(Field.LEASE, 0) != OUT && w.get(Field.LEASE, 1) != OUT) {
            w.set(Field.WAITS, 0, 0).set(Field.WAITS, 1, 0);
        }
        for (int k = 0; k < 2 && fenced; k++) {
            forgetLostResult(w, k);
        }
        for (int r = 0; r < 2; r++) {
            if (w.ended(r)) {
                forgetEnded(w, r);
            }
        }
    }

    /** What the fence will refuse is one like the other. */
    private static void forgetLostResult(World w, int k) {
        int step = w.get(Field.STEP, k);
        boolean lost = w.is(Field.STALE, k) || w.get(Field.OWNER, w.get(Field.ROW, k)) != k + 1;
        if (lost && (step == END || step == IMPORT_DONE || step == PUSH_DONE)) {
            w.set(Field.STEP, k, PUSH_DONE).set(Field.STALE, k, 1).set(Field.ANSWER, k, OK);
        }
    }

    private void forgetEnded(World w, int r) {
        if (!plansLookBack) {
            w.set(Field.IMPORT_OPEN, r, 0).set(Field.PUSH_OPEN, r, 0);
            if (w.state(r) != State.SUCCEEDED) {
                w.set(Field.ID, r, 0).set(Field.CONFIRMED, r, 0).set(Field.TARGET, r, 0);
            }
        }
        var successor = w.state(1 - r);
        if (successor != State.ABSENT && successor != State.QUEUED && !w.is(Field.WAITS, 1 - r)) {
            w.set(Field.LEASE, r, NONE);
        }
    }

    /** The two workers are alike: the one that is farther comes first. */
    World canonical(World w) {
        if (rank(w, 0) >= rank(w, 1)) {
            return w;
        }
        var swapped = w.copy();
        for (var field : new Field[] { Field.STEP, Field.ROW, Field.STALE, Field.ANSWER }) {
            swapped.set(field, 0, w.get(field, 1)).set(field, 1, w.get(field, 0));
        }
        for (int r = 0; r < 2; r++) {
            swapped.set(Field.OWNER, r, swap(w.get(Field.OWNER, r)));
        }
        return swapped.set(Field.WIRE_CLIENT, swap(w.get(Field.WIRE_CLIENT)));
    }

    private static int rank(World w, int k) {
        return w.get(Field.STEP, k) << 5 | w.get(Field.ROW, k) << 4 | w.get(Field.STALE, k) << 3 | w.get(Field.ANSWER, k);
    }

    private static int swap(int worker) {
        return worker == 1 ? 2 : worker == 2 ? 1 : worker;
    }
}
