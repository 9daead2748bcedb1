package io.certcourier.model;

import static io.certcourier.model.World.*;

import io.certcourier.model.World.Field;
import io.certcourier.model.World.State;

/**
 * The cloud and the clock. SCM refuses no duplicate (the worst case), lists a new certificate late, and may act on a call that
 * its client has given up, for at most another call deadline.
 */
final class ScmSteps {

    private final Rules rules;
    private final Rows rows;

    ScmSteps(Rules rules, Rows rows) {
        this.rules = rules;
        this.rows = rows;
    }

    void from(World world, Model.Steps steps) {
        if (world.is(Field.WIRE, 0)) {
            call(world, steps);
        }
        for (int r = 0; r < 2; r++) {
            lease(world, r, steps);
            if (world.state(r) == State.RESOLVING && !world.is(Field.AGED, r) && lagIsOver(world, r)) {
                steps.to(world.copy().set(Field.AGED, r, 1), "%r has been RESOLVING for 60 s", 0, r);
            }
            if (world.is(Field.RESTS, r) && lagIsOver(world, r)) {
                steps.to(world.copy().set(Field.RESTS, r, 0), "%r is due for its next look", 0, r);
            }
            if (world.get(Field.CERTIFICATE, r) == UNSEEN) {
                steps.to(world.copy().set(Field.CERTIFICATE, r, SHOWN), "SCM's list shows leaf %r", 0, r);
            }
        }
    }

    private void call(World world, Model.Steps steps) {
        int r = world.get(Field.WIRE_ROW);
        int client = world.get(Field.WIRE_CLIENT);
        var done = world.copy();
        act(done, r);
        hangUp(done);
        var dropped = world.copy();
        hangUp(dropped);
        if (client == 0) {
            steps.to(done, "SCM still carries out the lost call for %r", 0, r);
            steps.to(dropped, "the lost call for %r comes to nothing", 0, r);
        } else {
            answered(world, done, dropped, client - 1, steps);
        }
    }

    private void answered(World world, World done, World dropped, int k, Model.Steps steps) {
        int r = world.get(Field.WIRE_ROW);
        if (rules.assume(Assumption.SCM_STOPS_WITH_ITS_CLIENT)) {
            lose(done.copy(), k, r, steps);
            lose(dropped.copy(), k, r, steps);
        } else {
            lose(world.copy().set(Field.WIRE_CLIENT, 0), k, r, steps);
        }
        answer(done, k, OK);
        steps.to(done, "SCM does what %w asks for %r and answers", k, r);
        refuse(dropped, k, r, steps);
    }

    private static void refuse(World dropped, int k, int r, Model.Steps steps) {
        var later = dropped.copy();
        answer(later, k, NOT_DONE);
        steps.to(later, "SCM does not do now what %w asks for %r", k, r);
        answer(dropped, k, REFUSED);
        steps.to(dropped, "SCM refuses for good what %w asks for %r", k, r);
    }

    private static void lose(World lost, int k, int r, Model.Steps steps) {
        if (lost.get(Field.STEP, k) == PUSH_SENT) {
            var last = lost.copy();
            answer(last, k, GIVEN_UP);
            steps.to(last, "%w gets no answer for %r once too often", k, r);
        }
        answer(lost, k, UNKNOWN);
        steps.to(lost, "%w gets no answer for %r", k, r);
    }

    private static void answer(World w, int k, int answer) {
        w.set(Field.STEP, k, w.get(Field.STEP, k) == IMPORT_SENT ? IMPORT_DONE : PUSH_DONE).set(Field.ANSWER, k, answer);
    }

    private static void hangUp(World w) {
        w.set(Field.WIRE, 0).set(Field.WIRE_ROW, 0).set(Field.WIRE_CLIENT, 0);
    }

    private void act(World w, int r) {
        if (w.get(Field.WIRE) == PUSH) {
            if (w.get(Field.LAST_PUSH) > r + 1) {
                rows.alarm(w, Invariant.I5);
            }
            w.set(Field.LAST_PUSH, r + 1).set(Field.PUSHED, r, 1);
        } else if (w.get(Field.CERTIFICATE, rules.leaf(r)) == NOT_THERE) {
            w.set(Field.CERTIFICATE, rules.leaf(r), UNSEEN);
        } else {
            rows.alarm(w, Invariant.I3);
        }
    }

    /** A call is sent with enough of the lease left: its client gives up before the lease's end, SCM a call deadline later. */
    private void lease(World world, int r, Model.Steps steps) {
        boolean bounded = rules.keep(Guard.LEASE_BEFORE_CALL) && !rules.assume(Assumption.PROCESS_MAY_PAUSE_BEFORE_WRITE);
        boolean onWire = bounded && world.is(Field.WIRE, 0) && world.get(Field.WIRE_ROW) == r;
        switch (world.get(Field.LEASE, r)) {
            case LIVE -> {
                boolean late = world.get(Field.WIRE_CLIENT) == 0 && rules.assume(Assumption.SCM_MAY_ACT_LATE);
                if (!onWire || late) {
                    steps.to(world.copy().set(Field.LEASE, r, OUT), "the lease of %r runs out", 0, r);
                }
            }
            case OUT -> {
                if (!onWire) {
                    steps.to(world.copy().set(Field.LEASE, r, NONE),
                            "the last call under the lost lease of %r is over for certain", 0, r);
                }
            }
            default -> {
                // no lease
            }
        }
    }

    /** By then a lost import has acted or never will, and what it made is in the list. */
    private boolean lagIsOver(World w, int r) {
        boolean onWire = w.is(Field.WIRE, 0) && w.get(Field.WIRE_ROW) == r;
        return !w.is(Field.WAITS, r) && !onWire && w.get(Field.LEASE, r) == NONE
                && w.get(Field.CERTIFICATE, rules.leaf(r)) != UNSEEN;
    }
}
