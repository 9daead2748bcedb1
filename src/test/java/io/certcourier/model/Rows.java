package io.certcourier.model;

import static io.certcourier.model.World.*;

import io.certcourier.model.World.Field;
import io.certcourier.model.World.State;

/** Writes to the renewals' rows that several transactions share. */
final class Rows {

    private final Rules rules;

    Rows(Rules rules) {
        this.rules = rules;
    }

    /** A change of state sets next_at anew, so no look under way can count it as missed. */
    void move(World w, int r, State state) {
        w.set(Field.STATE, r, state.ordinal());
        w.set(Field.LOOKS, r, 0).set(Field.RESTS, r, 0).set(Field.AGED, r, 0);
        w.set(Field.WAS_DUE, r, 0).set(Field.WAS_AGED, r, 0);
        if (w.ended(r)) {
            w.set(Field.SEEN, r, 0);
        }
    }

    /** epoch + 1: every claim and every question asked under the old one is stale. */
    void nextEpoch(World w, int r) {
        for (int k = 0; k < 2; k++) {
            if (w.get(Field.STEP, k) != IDLE && w.get(Field.ROW, k) == r) {
                w.set(Field.STALE, k, 1);
            }
        }
        int looker = w.get(Field.LOOKER);
        if (looker == READ || looker == ENDING && w.get(Field.LOOK_ROW) == r) {
            w.set(Field.ASKED_STALE, r, 1);
        }
    }

    void lease(World w, int r, int owner) {
        w.set(Field.OWNER, r, owner).set(Field.LEASE, r, LIVE);
        nextEpoch(w, r);
    }

    /** Admission.begin and Endings.promoteQueued, with Planner.plan. */
    void begin(World w, int r, boolean waits) {
        int other = 1 - r;
        boolean sameLeaf = rules.leaf(r) == rules.leaf(other);
        boolean idKnown = sameLeaf && w.is(Field.ID, other) || rules.scenario() == Scenario.KNOWN_LEAF && r == 1;
        w.set(Field.OWNER, r, 0).set(Field.LEASE, r, NONE).set(Field.WAITS, r, waits ? 1 : 0).set(Field.KEY, r, 1);
        if (sameLeaf && w.is(Field.CONFIRMED, other) && w.get(Field.TARGET, other) == REACHED) {
            w.set(Field.ID, r, 1).set(Field.CONFIRMED, r, 1).set(Field.TARGET, r, REACHED);
            finish(w, r, State.UNCHANGED);
        } else if (idKnown) {
            move(w, r, State.CONFIRMING);
            w.set(Field.ID, r, 1);
        } else if (sameLeaf && w.is(Field.IMPORT_OPEN, other) && rules.keep(Guard.PLAN_KNOWS_OPEN_IMPORTS)) {
            move(w, r, State.RESOLVING);
            w.set(Field.IMPORT_OPEN, r, 1);
        } else {
            move(w, r, State.READY);
        }
        nextEpoch(w, r);
    }

    /** Endings.endOwn; the caller has checked the fence. The queued renewal becomes current. */
    void endOwn(World w, int r, State state, boolean answerLost) {
        if (w.ended(r)) {
            return;
        }
        boolean wasQueued = w.state(r) == State.QUEUED;
        boolean waits = answerLost && rules.keep(Guard.LOST_ANSWER_IS_WAITED_OUT);
        finish(w, r, state);
        w.set(Field.LEASE, r, waits ? OUT : NONE);
        int other = 1 - r;
        if (!wasQueued && w.state(other) == State.QUEUED) {
            begin(w, other, waits);
        }
    }

    /** Endings.END and endChildren: terminal state, key gone, outcome told. */
    void finish(World w, int r, State state) {
        move(w, r, state);
        w.set(Field.OWNER, r, 0).set(Field.STOP, r, 0).set(Field.WAITS, r, 0).set(Field.KEY, r, 0);
        w.set(Field.UNKNOWNS, r, 0);
        nextEpoch(w, r);
        if (rules.keep(Guard.OUTCOME_IN_TRANSACTION)) {
            w.set(Field.OUTCOMES, r, Math.min(3, w.get(Field.OUTCOMES, r) + 1));
        }
        boolean unknown = w.is(Field.PUSH_OPEN, r) || w.get(Field.TARGET, r) == SENT;
        boolean mayHaveReached = unknown && rules.keep(Guard.UNKNOWN_PUSH_IS_DELIVERED);
        if (w.get(Field.TARGET, r) == REACHED || mayHaveReached) {
            w.set(Field.DELIVERED, Math.max(w.get(Field.DELIVERED), r + 1));
        }
    }

    void alarm(World w, Invariant broken) {
        if (!w.is(Field.ALARM, 0)) {
            w.set(Field.ALARM, broken.ordinal());
        }
    }
}
