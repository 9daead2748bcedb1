package io.certcourier.model;

import static io.certcourier.model.World.*;

import io.certcourier.model.World.Field;
import io.certcourier.model.World.State;

/**
 * L1, the list call and L2. One look is a process of three steps, which may be paused; a look of another replica, which the
 * paused one is late for, is a single step.
 */
final class LookSteps {

    /** The code's three looks in 20 s are one here, its next two (after 60 s and 180 s) another. */
    private static final int MISSES_TO_IMPORT_AGAIN = 1;
    private static final int MISSES_TO_HOLD = 2;
    private static final int MOST_UNKNOWNS = 1;

    /** A look with its answer, by renewal. */
    private record Look(boolean late, int[] seen, boolean[] wasDue, boolean[] wasAged, boolean[] stale) {
    }

    private final Rules rules;
    private final Rows rows;

    LookSteps(Rules rules, Rows rows) {
        this.rules = rules;
        this.rows = rows;
    }

    void from(World world, Model.Steps steps) {
        int step = world.get(Field.LOOKER);
        boolean due = waitsForLook(world, 0) || waitsForLook(world, 1); // for the account's other renewals, it is always time
        switch (step) {
            case IDLE -> {
                if (due) {
                    steps.to(claim(world.copy()), "a look begins (Looks.claim)", 0, 0);
                }
            }
            case LOOKING -> {
                steps.to(read(world.copy(), OURS), "the look's list and show calls are answered", 0, 0);
                if (asks(world) >= 0) {
                    steps.to(read(world.copy(), NOT_ASKED), "the look's list call is answered, show is not asked", 0, 0);
                }
            }
            case READ -> {
                var next = world.copy();
                var look = take(next);
                apply(next, look);
                steps.to(next, look.late ? "the late look is applied (Looks.apply)" : "the look is applied (Looks.apply)", 0,
                        0);
            }
            default -> end(world, steps);
        }
        if (step != IDLE) {
            var dead = world.copy();
            forget(dead);
            steps.to(dead, "the look dies", 0, 0);
            if (due) {
                other(world, OURS, steps);
                if (asks(world) >= 0) {
                    other(world, NOT_ASKED, steps);
                }
            }
        }
    }

    /** The look's lease has run out; another replica looks, and the first one is late. */
    private void other(World world, int shown, Model.Steps steps) {
        var scratch = read(claim(world.copy()), shown);
        var look = take(scratch);
        var next = world.copy();
        apply(next, look);
        next.set(Field.LOOK_LATE, 1);
        steps.to(next, shown == OURS ? "another replica looks" : "another replica looks and does not ask show", 0, 0);
    }

    private static boolean waitsForLook(World w, int r) {
        return w.state(r) == State.CONFIRMING || w.state(r) == State.RESOLVING;
    }

    private static boolean due(World w, int r) {
        return waitsForLook(w, r) && !w.is(Field.WAITS, r) && !w.is(Field.RESTS, r) && !w.leased(r);
    }

    private World claim(World w) {
        forget(w);
        for (int r = 0; r < 2; r++) {
            w.set(Field.WAS_DUE, r, due(w, r) ? 1 : 0).set(Field.WAS_AGED, r, w.get(Field.AGED, r));
        }
        return w.set(Field.LOOKER, LOOKING);
    }

    /** The renewal that Looks.questions asks show about; -1 if none. */
    private int asks(World w) {
        for (int r = 0; r < 2; r++) {
            if (w.state(r) == State.RESOLVING && free(w, r) && w.get(Field.CERTIFICATE, rules.leaf(r)) == SHOWN) {
                return r;
            }
        }
        return -1;
    }

    private World read(World w, int shown) {
        int asked = asks(w);
        for (int r = 0; r < 2; r++) {
            boolean listed = w.get(Field.CERTIFICATE, rules.leaf(r)) == SHOWN;
            w.set(Field.SEEN, r, !listed ? NOT_LISTED : r == asked ? shown : LISTED);
        }
        if (asked >= 0 && shown == OURS && unpushable() && !rules.keep(Guard.OWN_UNPUSHABLE_IS_NO_MISS)) {
            w.set(Field.SEEN, asked, NOT_LISTED); // Verdict.NOT_OURS
        }
        return w.set(Field.LOOKER, READ);
    }

    private boolean unpushable() {
        return rules.scenario() == Scenario.UNPUSHABLE;
    }

    private static Look take(World w) {
        var look = new Look(w.is(Field.LOOK_LATE, 0), new int[] { w.get(Field.SEEN, 0), w.get(Field.SEEN, 1) },
                both(w, Field.WAS_DUE), both(w, Field.WAS_AGED), both(w, Field.ASKED_STALE));
        forget(w);
        return look;
    }

    private static boolean[] both(World w, Field field) {
        return new boolean[] { w.is(field, 0), w.is(field, 1) };
    }

    private static void forget(World w) {
        w.set(Field.LOOKER, IDLE).set(Field.LOOK_LATE, 0).set(Field.LOOK_ROW, 0);
        for (int r = 0; r < 2; r++) {
            w.set(Field.SEEN, r, 0).set(Field.WAS_DUE, r, 0).set(Field.WAS_AGED, r, 0).set(Field.ASKED_STALE, r, 0);
        }
    }

    /** A positive answer is a fact, also a late one; a negative one counts only in time, and for rows that were due. */
    private void apply(World w, Look look) {
        for (int r = 0; r < 2; r++) {
            boolean free = free(w, r) && !w.is(Field.STOP, r);
            if (w.state(r) == State.CONFIRMING && look.seen[r] != NOT_LISTED && free && !unpushable()) {
                confirm(w, r);
            } else if (w.state(r) == State.RESOLVING && look.seen[r] == OURS && !look.stale[r]) {
                w.set(Field.ID, r, 1).set(Field.IMPORT_OPEN, r, 0);
                confirm(w, r);
            }
        }
        boolean[] missed = new boolean[2];
        if (!look.late || !rules.keep(Guard.LOOK_FENCE)) {
            for (int r = 0; r < 2; r++) {
                missed[r] = missed(w, look, r);
            }
            for (int r = 0; r < 2; r++) {
                importAgainOrHold(w, look, r, missed[r]);
            }
        }
        for (int r = 0; r < 2; r++) {
            if (unpushable() && w.state(r) == State.CONFIRMING && look.seen[r] != NOT_LISTED && free(w, r)) {
                rows.lease(w, r, ANOTHER); // Looks.notPushable; the look's own end step follows
                if (!w.is(Field.LOOKER, 0)) {
                    w.set(Field.LOOKER, ENDING).set(Field.LOOK_ROW, r);
                }
            }
        }
    }

    private boolean free(World w, int r) {
        return !w.is(Field.OWNER, r) || rules.keep(Guard.LOST_LOOK_LEASE_IS_TAKEN_UP) && !w.leased(r);
    }

    /** Looks.confirm and LookRules.resolved */
    private void confirm(World w, int r) {
        boolean waits = w.is(Field.WAITS, r) && rules.keep(Guard.CONFIRMED_STILL_WAITS);
        rows.move(w, r, unpushable() ? State.CONFIRMING : State.PUSHING);
        w.set(Field.WAITS, r, waits ? 1 : 0).set(Field.UNKNOWNS, r, 0);
        if (!unpushable()) {
            w.set(Field.CONFIRMED, r, 1).set(Field.KEY, r, rules.keep(Guard.KEY_GOES_WHEN_CONFIRMED) ? 0 : 1);
        }
        rows.nextEpoch(w, r);
    }

    /** LookRules.missed; only RESOLVING draws conclusions from it here. */
    private boolean missed(World w, Look look, int r) {
        boolean due = look.wasDue[r] || !rules.keep(Guard.DUE_WHEN_LOOK_BEGAN);
        if (w.state(r) != State.RESOLVING || !free(w, r) || !due || look.seen[r] == NOT_ASKED) {
            return false;
        }
        w.set(Field.LOOKS, r, Math.min(MISSES_TO_HOLD, w.get(Field.LOOKS, r) + 1)).set(Field.WAS_DUE, r, 0);
        w.set(Field.RESTS, r, 1);
        return true;
    }

    /** LookRules.importAgain and holdUnclear */
    private void importAgainOrHold(World w, Look look, int r, boolean missed) {
        boolean again = w.get(Field.UNKNOWNS, r) <= MOST_UNKNOWNS;
        boolean enough = w.state(r) == State.RESOLVING && free(w, r)
                && w.get(Field.LOOKS, r) >= (again ? MISSES_TO_IMPORT_AGAIN : MISSES_TO_HOLD)
                && (missed || !rules.keep(Guard.ONLY_MISSED_IS_IMPORTED_AGAIN));
        boolean old = w.is(Field.AGED, r) && (look.wasAged[r] || !rules.keep(Guard.AGE_WHEN_LOOK_BEGAN));
        if (!enough || again && !old && rules.keep(Guard.LOOKS_SPAN_THE_LAG)) {
            return;
        }
        if (!again && w.get(Field.CERTIFICATE, rules.leaf(r)) != NOT_THERE) {
            rows.alarm(w, Invariant.G10);
        }
        rows.move(w, r, again ? State.READY : State.HELD);
        w.set(Field.IMPORT_OPEN, r, again ? 0 : 1);
        rows.nextEpoch(w, r);
    }

    /** Confirmation.look ends what can never be pushed. */
    private void end(World world, Model.Steps steps) {
        int r = world.get(Field.LOOK_ROW);
        var next = world.copy();
        boolean ours = next.get(Field.OWNER, r) == ANOTHER && !next.is(Field.ASKED_STALE, r);
        forget(next);
        if (ours) {
            rows.endOwn(next, r, State.FAILED, false);
        }
        steps.to(next, "the look ends %r: its certificate cannot be pushed", 0, r);
    }
}
