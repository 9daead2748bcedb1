package io.certcourier.model;

import static io.certcourier.model.World.*;

import io.certcourier.model.World.Field;
import io.certcourier.model.World.State;

/**
 * Two renewals of one subject with one target, two workers, a look and SCM. Every database transaction is one step; a call is
 * sent in one and answered, or not, in another. Not modelled: operators, breaker and budgets, statuses that change,
 * certificates that vanish, a third renewal.
 */
final class RenewalProtocol implements Model {

    private final Rules rules;
    private final IntakeSteps intake;
    private final WorkerSteps workers;
    private final LookSteps looks;
    private final ScmSteps scm;
    private final Reduction reduction;

    RenewalProtocol(Rules rules) {
        this.rules = rules;
        var rows = new Rows(rules);
        this.intake = new IntakeSteps(rules, rows);
        this.workers = new WorkerSteps(rules, rows);
        this.looks = new LookSteps(rules, rows);
        this.scm = new ScmSteps(rules, rows);
        this.reduction = new Reduction(rules);
    }

    @Override
    public World start() {
        var world = new World(0, 0);
        return rules.scenario() == Scenario.KNOWN_LEAF ? world.set(Field.CERTIFICATE, 1, SHOWN) : world;
    }

    @Override
    public void steps(World from, Steps steps) {
        Steps settled = (next, says, worker, renewal) -> {
            reduction.forget(next);
            steps.to(next, says, worker, renewal);
        };
        intake.from(from, settled);
        workers.from(from, settled);
        looks.from(from, settled);
        scm.from(from, settled);
    }

    @Override
    public World canonical(World world) {
        return reduction.canonical(world);
    }

    @Override
    public Invariant broken(World w) {
        if (w.is(Field.ALARM, 0)) {
            return Invariant.values()[w.get(Field.ALARM)];
        }
        if (w.current(0) && w.current(1)) {
            return Invariant.G3;
        }
        for (int r = 0; r < 2; r++) {
            if (w.get(Field.OUTCOMES, r) != (w.ended(r) ? 1 : 0)) {
                return Invariant.I2;
            }
            if (w.is(Field.KEY, r) && (w.ended(r) || w.state(r) == State.PUSHING)) {
                return Invariant.I9;
            }
            if (!earned(w, r)) {
                return Invariant.I4;
            }
        }
        return Invariant.NONE;
    }

    private boolean earned(World w, int r) {
        boolean shown = w.get(Field.CERTIFICATE, rules.leaf(r)) == SHOWN;
        return switch (w.state(r)) {
            case PUSHING -> shown;
            case SUCCEEDED -> shown && w.is(Field.CONFIRMED, r) && w.is(Field.PUSHED, r);
            case UNCHANGED -> shown && w.is(Field.PUSHED, 1 - r);
            default -> true;
        };
    }

    /** Ended, or waiting for a person (HELD), or queued behind such a one. */
    @Override
    public boolean settled(World w) {
        for (int r = 0; r < 2; r++) {
            boolean held = w.state(r) == State.HELD || w.state(r) == State.QUEUED && w.state(1 - r) == State.HELD;
            if (w.open(r) && !held) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean lastResort(String says) {
        return says.equals(WorkerSteps.DEADLINE) || says.equals(IntakeSteps.ARRIVES);
    }
}
