package io.certcourier.model;

/** What the two renewals of the subject are about. */
enum Scenario {
    /** A certificate and its successor. */
    TWO_LEAVES,
    /** Two events of the same certificate. */
    SAME_LEAF,
    /** The newer renewal's certificate is in SCM from before, so it needs no import. */
    KNOWN_LEAF,
    /** SCM shows every certificate in a status that cannot be pushed. */
    UNPUSHABLE;

    int leaf(int renewal) {
        return this == SAME_LEAF ? 0 : renewal;
    }
}
