package io.certcourier.model;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which protocol is explored, in which world.
 *
 * @param off guards that are switched off
 */
record Rules(Scenario scenario, Set<Guard> off, Assumption assumption) {

    static Rules all(Scenario scenario) {
        return new Rules(scenario, EnumSet.noneOf(Guard.class), Assumption.SCM_MAY_ACT_LATE);
    }

    static Rules without(Guard guard) {
        return new Rules(guard.scenario(), EnumSet.of(guard), Assumption.SCM_MAY_ACT_LATE);
    }

    boolean keep(Guard guard) {
        return !off.contains(guard);
    }

    boolean assume(Assumption one) {
        return assumption == one;
    }

    int leaf(int renewal) {
        return scenario.leaf(renewal);
    }
}
