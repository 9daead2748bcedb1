package io.certcourier.flow;

import java.util.List;

/**
 * A trouble, how to cause and to end it, and all that must tell of it.
 *
 * @param later alerts that come only after the drill, in words for the table; empty for none
 * @param heal does nothing where there is nothing to mend
 */
record Situation(String name, Runnable cause, Runnable heal, String later, List<Signal> signals) {

    @Override
    public String toString() {
        return name;
    }
}
