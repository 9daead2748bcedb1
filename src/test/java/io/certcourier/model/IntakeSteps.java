package io.certcourier.model;

import static io.certcourier.model.World.*;

import io.certcourier.model.World.Field;
import io.certcourier.model.World.State;

/** Commit point C1: the events arrive, in any order. Repetitions change nothing (Known), so they are not steps. */
final class IntakeSteps {

    static final String ARRIVES = "the event of %r arrives (Admission.settle)";

    private final Rules rules;
    private final Rows rows;

    IntakeSteps(Rules rules, Rows rows) {
        this.rules = rules;
        this.rows = rows;
    }

    void from(World world, Model.Steps steps) {
        for (int r = 0; r < 2; r++) {
            if (world.state(r) == State.ABSENT) {
                var next = world.copy();
                settle(next, r);
                steps.to(next, ARRIVES, 0, r);
            }
        }
    }

    private void settle(World w, int r) {
        int other = 1 - r;
        boolean newerKnown = r == 0 && (w.open(other) || w.get(Field.DELIVERED) == other + 1);
        if (newerKnown && rules.keep(Guard.OLDER_IS_SUPERSEDED)) {
            rows.finish(w, r, State.SUPERSEDED);
            return;
        }
        boolean sameLeaf = rules.leaf(r) == rules.leaf(other);
        boolean leased = w.leased(other) && rules.keep(Guard.LIVE_OWNER_IS_ASKED);
        if (w.current(other) && (leased || sameLeaf)) {
            w.set(Field.STOP, other, sameLeaf ? 0 : 1);
            w.set(Field.KEY, r, 1);
            rows.move(w, r, State.QUEUED);
            return;
        }
        boolean lostCall = w.get(Field.LEASE, other) == OUT;
        if (w.current(other)) {
            rows.finish(w, other, State.SUPERSEDED);
            rows.begin(w, r, lostCall && rules.keep(Guard.SUCCESSOR_WAITS_FOR_LOST_OWNER));
        } else {
            rows.begin(w, r, lostCall && rules.keep(Guard.LOST_ANSWER_IS_WAITED_OUT));
        }
    }
}
