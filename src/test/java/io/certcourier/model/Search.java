package io.certcourier.model;

import java.util.function.Predicate;

/** Looks in a model for a state of some kind, as if it were a broken one. */
record Search(Model model, Predicate<World> sought) implements Model {

    @Override
    public World start() {
        return model.start();
    }

    @Override
    public void steps(World from, Steps steps) {
        model.steps(from, steps);
    }

    @Override
    public World canonical(World world) {
        return model.canonical(world);
    }

    @Override
    public Invariant broken(World world) {
        return sought.test(world) ? Invariant.I1 : Invariant.NONE;
    }

    @Override
    public boolean settled(World world) {
        return true;
    }

    @Override
    public boolean lastResort(String says) {
        return false;
    }
}
