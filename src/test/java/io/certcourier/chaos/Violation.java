package io.certcourier.chaos;

/**
 * An invariant that does not hold.
 *
 * @param invariant I1 to I13 of docs/reliability.md
 */
record Violation(String invariant, Kind kind, String what) {

    /** Column of the table. */
    enum Kind {
        LOST,
        DUPLICATED,
        WRONG
    }

    static Violation lost(String invariant, String what) {
        return new Violation(invariant, Kind.LOST, what);
    }

    static Violation duplicated(String invariant, String what) {
        return new Violation(invariant, Kind.DUPLICATED, what);
    }

    static Violation wrong(String invariant, String what) {
        return new Violation(invariant, Kind.WRONG, what);
    }

    @Override
    public String toString() {
        return invariant + " " + what;
    }
}
