package io.certcourier.model;

/**
 * One state of the model, packed into two longs so that millions fit into memory and a copy costs nothing. Renewals, workers
 * and leaves are numbered 0 and 1; renewal 1 is the newer one.
 */
final class World {

    /** What a state knows; {@code copies} is 2 for what each renewal, worker or leaf has. */
    enum Field {
        // a renewal's row; the names are those of its columns where there is one
        STATE(4, 2),
        LEASE(2, 2),
        OWNER(2, 2),
        STOP(1, 2),
        /** next_at lies at lease_until + call-deadline of a lost call; else the row is due */
        WAITS(1, 2),
        /** scm_certificate_id is known */
        ID(1, 2),
        KEY(1, 2),
        LOOKS(2, 2),
        /** next_at lies in the future because a look has missed the row */
        RESTS(1, 2),
        /** waiting_since is 60 s ago */
        AGED(1, 2),
        UNKNOWNS(2, 2),
        CONFIRMED(1, 2),
        /** renewal_target.state of the one target */
        TARGET(2, 2),
        /** an import attempt whose outcome is not known */
        IMPORT_OPEN(1, 2),
        /** a push attempt whose outcome is not known */
        PUSH_OPEN(1, 2),
        OUTCOMES(2, 2),
        // a worker
        STEP(4, 2),
        ROW(1, 2),
        /** the row has another epoch than the worker's claim */
        STALE(1, 2),
        ANSWER(3, 2),
        // the subject's row
        DELIVERED(2, 1),
        // the look that is under way; fields by renewal
        LOOKER(2, 1),
        LOOK_LATE(1, 1),
        LOOK_ROW(1, 1),
        SEEN(2, 2),
        /** the row was due when the look began and has not been rescheduled since */
        WAS_DUE(1, 2),
        WAS_AGED(1, 2),
        /** the row has another epoch than when show was asked */
        ASKED_STALE(1, 2),
        // SCM: the one call on the wire, certificates by leaf, the target
        WIRE(2, 1),
        WIRE_ROW(1, 1),
        WIRE_CLIENT(2, 1),
        CERTIFICATE(2, 2),
        PUSHED(1, 2),
        LAST_PUSH(2, 1),
        /** an invariant that the last step broke; 0 if none */
        ALARM(4, 1);

        private final int bits;
        private final int copies;
        private boolean low;
        private int shift;

        Field(int bits, int copies) {
            this.bits = bits;
            this.copies = copies;
        }

        static {
            int low = 0;
            int high = 0;
            for (var field : values()) {
                int width = field.bits * field.copies;
                field.low = low + width <= Long.SIZE;
                field.shift = field.low ? low : high;
                low += field.low ? width : 0;
                high += field.low ? 0 : width;
            }
            if (high > Long.SIZE) {
                throw new IllegalStateException("the state does not fit into two longs");
            }
        }
    }

    /** States of a renewal; PARTIAL, REJECTED and CANCELLED are left out, since one target and no operator are modelled. */
    enum State {
        ABSENT,
        QUEUED,
        READY,
        IMPORTING,
        RESOLVING,
        CONFIRMING,
        PUSHING,
        HELD,
        SUCCEEDED,
        UNCHANGED,
        FAILED,
        SUPERSEDED,
        EXPIRED;

        private static final State[] ALL = values();
    }

    // LEASE: over for so long that its call is over too; enough left for a call; run out, its call may still act
    static final int NONE = 0;
    static final int LIVE = 1;
    static final int OUT = 2;

    // TARGET
    static final int WAITING = 0;
    static final int SENT = 1;
    static final int REACHED = 2;

    // STEP of a worker
    static final int IDLE = 0;
    static final int IMPORT = 1;
    static final int PUSH = 2;
    static final int END = 3;
    static final int IMPORT_CHECKED = 4;
    static final int PUSH_CHECKED = 5;
    static final int IMPORT_SENT = 6;
    static final int PUSH_SENT = 7;
    static final int IMPORT_DONE = 8;
    static final int PUSH_DONE = 9;

    // ANSWER
    static final int OK = 0;
    static final int UNKNOWN = 1;
    static final int NOT_DONE = 2;
    static final int NOT_SENT = 3;
    static final int REFUSED = 4;
    /** unknown once too often: the target is given up */
    static final int GIVEN_UP = 5;

    // LOOKER, besides IDLE
    static final int LOOKING = 1;
    static final int READ = 2;
    static final int ENDING = 3;

    // SEEN: not listed; listed; shown to be the renewal's own; listed, but show was not asked
    static final int NOT_LISTED = 0;
    static final int LISTED = 1;
    static final int OURS = 2;
    static final int NOT_ASKED = 3;

    // CERTIFICATE: not there, there but missing in the list, listed
    static final int NOT_THERE = 0;
    static final int UNSEEN = 1;
    static final int SHOWN = 2;

    /** OWNER of a row that a look has leased, or a process that has forgotten it; workers are 1 and 2, nobody is 0. */
    static final int ANOTHER = 3;

    private long low;
    private long high;

    World(long low, long high) {
        this.low = low;
        this.high = high;
    }

    World copy() {
        return new World(low, high);
    }

    long low() {
        return low;
    }

    long high() {
        return high;
    }

    int get(Field field) {
        return get(field, 0);
    }

    int get(Field field, int copy) {
        return (int) ((field.low ? low : high) >>> field.shift + copy * field.bits) & (1 << field.bits) - 1;
    }

    boolean is(Field field, int copy) {
        return get(field, copy) != 0;
    }

    World set(Field field, int value) {
        return set(field, 0, value);
    }

    World set(Field field, int copy, int value) {
        int shift = field.shift + copy * field.bits;
        long mask = (1L << field.bits) - 1 << shift;
        long bits = (long) value << shift & mask;
        if (field.low) {
            low = low & ~mask | bits;
        } else {
            high = high & ~mask | bits;
        }
        return this;
    }

    State state(int renewal) {
        return State.ALL[get(Field.STATE, renewal)];
    }

    boolean ended(int renewal) {
        return get(Field.STATE, renewal) > State.HELD.ordinal();
    }

    boolean open(int renewal) {
        return get(Field.STATE, renewal) != State.ABSENT.ordinal() && !ended(renewal);
    }

    /** Neighbour.leased: an owner whose lease has not run out. */
    boolean leased(int renewal) {
        return is(Field.OWNER, renewal) && get(Field.LEASE, renewal) == LIVE;
    }

    /** The subject's current renewal calls SCM; the queued one waits. */
    boolean current(int renewal) {
        return open(renewal) && state(renewal) != State.QUEUED;
    }
}
