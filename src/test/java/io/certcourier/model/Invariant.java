package io.certcourier.model;

/** What must hold in every state; the names are those of docs and chaos tests. */
enum Invariant {
    NONE("nothing is broken"),
    I1("every accepted renewal can still end without its deadline"),
    I2("an ended renewal has exactly one outcome, an open one has none"),
    I3("a leaf has at most one certificate in SCM"),
    I4("SUCCEEDED means imported, shown and pushed; PUSHING means shown"),
    I5("the older leaf never follows the newer one on a target"),
    I6("calls of two epochs of a subject never overlap"),
    I7("no call that changes something is sent for a renewal that has ended"),
    I9("no key is kept in PUSHING or after the end"),
    G10("a person is asked only about a certificate that SCM's list does not show for good"),
    G3("at most one renewal of a subject is current");

    private final String says;

    Invariant(String says) {
        this.says = says;
    }

    @Override
    public String toString() {
        return name() + ": " + says;
    }
}
