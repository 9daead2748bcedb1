package io.certcourier.model;

import static io.certcourier.model.World.*;

import io.certcourier.model.World.Field;
import io.certcourier.model.World.State;

/** C2, the calls, C3 and C4: what a worker does. A paused one simply takes no step while others do. */
final class WorkerSteps {

    static final String DEADLINE = "the deadline of %r passes and %w ends it (Claims.endings)";

    private final Rules rules;
    private final Rows rows;
    private final SaveSteps saves;

    WorkerSteps(Rules rules, Rows rows) {
        this.rules = rules;
        this.rows = rows;
        this.saves = new SaveSteps(rules, rows);
    }

    void from(World world, Model.Steps steps) {
        for (int r = 0; r < 2; r++) {
            orphan(world, r, steps);
        }
        for (int k = 0; k < 2; k++) {
            int step = world.get(Field.STEP, k);
            if (step != IDLE) {
                advance(world, k, step, steps);
                var crashed = world.copy();
                forget(crashed, k);
                steps.to(crashed, "%w crashes", k, world.get(Field.ROW, k));
            } else if (k == 0 || world.get(Field.STEP, 0) != IDLE) { // two idle workers are the same
                claims(world, k, steps);
            }
        }
    }

    /** Claims.orphans: the owner of an import is lost. */
    private void orphan(World world, int r, Model.Steps steps) {
        int lease = world.get(Field.LEASE, r);
        if (world.state(r) != State.IMPORTING || lease == LIVE || world.is(Field.STOP, r)) {
            return;
        }
        var next = world.copy();
        if (rules.keep(Guard.ORPHANS_ARE_LOOKED_UP)) {
            rows.move(next, r, State.RESOLVING);
            next.set(Field.UNKNOWNS, r, Math.min(2, next.get(Field.UNKNOWNS, r) + 1));
        } else {
            rows.move(next, r, State.READY);
        }
        next.set(Field.OWNER, r, 0);
        next.set(Field.WAITS, r, lease == OUT && rules.keep(Guard.SUCCESSOR_WAITS_FOR_LOST_OWNER) ? 1 : 0);
        rows.nextEpoch(next, r);
        steps.to(next, "the lost import of %r is swept up (Claims.orphans)", 0, r);
    }

    private void claims(World world, int k, Model.Steps steps) {
        for (int r = 0; r < 2; r++) {
            if (world.state(r) == State.READY && !world.is(Field.WAITS, r) && !world.leased(r)) {
                var next = world.copy();
                rows.move(next, r, State.IMPORTING);
                next.set(Field.IMPORT_OPEN, r, 1);
                claim(next, k, r, IMPORT);
                steps.to(next, "%w claims %r for its import (Claims.imports)", k, r);
            }
            if (pushIsDue(world, r)) {
                var next = world.copy();
                next.set(Field.PUSH_OPEN, r, world.get(Field.TARGET, r) == SENT ? 1 : world.get(Field.PUSH_OPEN, r));
                next.set(Field.TARGET, r, SENT);
                claim(next, k, r, PUSH);
                steps.to(next, "%w claims %r for its push (PushClaims.claim)", k, r);
            }
            if (endIsDue(world, r) && world.is(Field.STOP, r)) {
                var next = world.copy();
                claim(next, k, r, END);
                steps.to(next, "%w claims %r to end it (Claims.endings)", k, r);
            } else if (endIsDue(world, r)) {
                var next = world.copy();
                rows.endOwn(next, r, State.EXPIRED, false);
                steps.to(next, DEADLINE, k, r); // in one step, since with STOP it is seen in two
            }
        }
    }

    private boolean pushIsDue(World w, int r) {
        return w.state(r) == State.PUSHING && !w.is(Field.STOP, r) && !w.is(Field.WAITS, r)
                && leaseIsOver(w, r, Guard.PUSH_WAITS_FOR_LOST_OWNER);
    }

    private boolean endIsDue(World w, int r) {
        return w.open(r) && leaseIsOver(w, r, Guard.ENDING_WAITS_FOR_LOST_OWNER);
    }

    private boolean leaseIsOver(World w, int r, Guard waits) {
        return rules.keep(waits) ? w.get(Field.LEASE, r) == NONE : !w.leased(r);
    }

    private void claim(World w, int k, int r, int step) {
        rows.lease(w, r, k + 1);
        w.set(Field.STEP, k, step).set(Field.ROW, k, r).set(Field.STALE, k, 0);
    }

    private void advance(World world, int k, int step, Model.Steps steps) {
        int r = world.get(Field.ROW, k);
        switch (step) {
            case IMPORT, PUSH -> check(world, k, r, step, steps);
            case IMPORT_CHECKED, PUSH_CHECKED -> {
                var next = world.copy();
                send(next, k, r, step == IMPORT_CHECKED ? IMPORT_SENT : PUSH_SENT);
                steps.to(next, "%w writes the call for %r to the socket", k, r);
            }
            case END -> saves.end(world, k, r, steps);
            case IMPORT_DONE -> saves.afterImport(world, k, r, steps);
            case PUSH_DONE -> saves.afterPush(world, k, r, steps);
            default -> {
                // waits for SCM's answer
            }
        }
    }

    /** RenewalStore.leaseLasts; the socket write follows at once, except where the documented hole is explored. */
    private void check(World world, int k, int r, int step, Model.Steps steps) {
        var next = world.copy();
        boolean taken = world.is(Field.STALE, k) && !world.ended(r);
        boolean enough = world.get(Field.LEASE, r) == LIVE && !taken; // its own clock: what others write, it does not see
        boolean extended = !world.is(Field.STALE, k) && !world.is(Field.STOP, r);
        if (!enough && !extended && rules.keep(Guard.LEASE_BEFORE_CALL)) {
            next.set(Field.STEP, k, step == IMPORT ? IMPORT_DONE : PUSH_DONE).set(Field.ANSWER, k, NOT_SENT);
            steps.to(next, "%w may not call for %r any more (RenewalStore.leaseLasts)", k, r);
            return;
        }
        if (!enough && rules.keep(Guard.LEASE_BEFORE_CALL)) {
            next.set(Field.LEASE, r, LIVE);
        }
        if (rules.assume(Assumption.PROCESS_MAY_PAUSE_BEFORE_WRITE)) {
            next.set(Field.STEP, k, step == IMPORT ? IMPORT_CHECKED : PUSH_CHECKED);
            steps.to(next, "%w finds its lease of %r long enough", k, r);
        } else {
            send(next, k, r, step == IMPORT ? IMPORT_SENT : PUSH_SENT);
            steps.to(next, step == IMPORT ? "%w sends the import of %r" : "%w sends the push of %r", k, r);
        }
    }

    private void send(World w, int k, int r, int step) {
        if (w.ended(r)) {
            rows.alarm(w, Invariant.I7);
        }
        if (w.is(Field.WIRE, 0)) {
            rows.alarm(w, Invariant.I6);
        }
        w.set(Field.WIRE, step == IMPORT_SENT ? IMPORT : PUSH).set(Field.WIRE_ROW, r).set(Field.WIRE_CLIENT, k + 1);
        w.set(Field.STEP, k, step);
    }

    static void forget(World w, int k) {
        for (int r = 0; r < 2; r++) {
            if (w.get(Field.OWNER, r) == k + 1) {
                w.set(Field.OWNER, r, ANOTHER);
            }
        }
        w.set(Field.STEP, k, IDLE).set(Field.ROW, k, 0).set(Field.STALE, k, 0).set(Field.ANSWER, k, 0);
        if (w.get(Field.WIRE_CLIENT) == k + 1) {
            w.set(Field.WIRE_CLIENT, 0);
        }
    }
}
