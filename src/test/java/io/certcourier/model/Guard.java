package io.certcourier.model;

/**
 * A rule of the protocol that can be switched off, with the scenario and the invariant that breaks then. So each rule is known
 * to be needed, and the model to be strong enough to notice.
 */
enum Guard {

    /** RenewalStore.fence: a result is stored only under the epoch of its claim. */
    EPOCH_ON_SAVE(Scenario.TWO_LEAVES, Invariant.G3),
    /** Claims.orphans: an import whose owner was lost is looked up, not repeated. */
    ORPHANS_ARE_LOOKED_UP(Scenario.TWO_LEAVES, Invariant.I3),
    /** RenewalStore.leaseLasts: no call with too little of the lease left. */
    LEASE_BEFORE_CALL(Scenario.TWO_LEAVES, Invariant.I7),
    /** Endings.endIdle: the successor of a lost owner starts when that owner's call is over. */
    SUCCESSOR_WAITS_FOR_LOST_OWNER(Scenario.TWO_LEAVES, Invariant.I6),
    /** Endings.report: the outcome is in the transaction that ends the renewal. */
    OUTCOME_IN_TRANSACTION(Scenario.TWO_LEAVES, Invariant.I2),
    /**
     * Looks.giveBack: what a late look did not see counts for nothing. A second lock: the rows it could miss were rescheduled
     * by the look that overtook it.
     */
    LOOK_FENCE(Scenario.KNOWN_LEAF, Invariant.NONE),
    /** LookRules.missed: only rows that were due when the look began can be missed by it. */
    DUE_WHEN_LOOK_BEGAN(Scenario.TWO_LEAVES, Invariant.G10),
    /** LookRules.importAgain: the looks that missed it span more time than the list can lag. */
    LOOKS_SPAN_THE_LAG(Scenario.TWO_LEAVES, Invariant.I3),
    /** Looks.confirm, LookRules.resolved: the key goes with the step into PUSHING. */
    KEY_GOES_WHEN_CONFIRMED(Scenario.TWO_LEAVES, Invariant.I9),
    /** Admission.settle: a live owner is asked to stop, never overtaken. */
    LIVE_OWNER_IS_ASKED(Scenario.TWO_LEAVES, Invariant.I6),
    /** Admission.newerThan: what is older than an open or delivered renewal ends at once. */
    OLDER_IS_SUPERSEDED(Scenario.TWO_LEAVES, Invariant.I5),
    /**
     * RenewalStore.fence: a commit whose answer was lost is not repeated after the row was given back. It keeps the counts of
     * attempts and unknown imports right; no invariant needs it.
     */
    OWNER_ON_SAVE(Scenario.KNOWN_LEAF, Invariant.NONE),
    /**
     * Subject.quietUntil, Endings.endChildren: a call whose answer was lost may still act; what follows it in the subject waits
     * a call deadline.
     */
    LOST_ANSWER_IS_WAITED_OUT(Scenario.TWO_LEAVES, Invariant.I6),
    /** Claims.endings: a lost owner's renewal is ended only when its call is over. */
    ENDING_WAITS_FOR_LOST_OWNER(Scenario.TWO_LEAVES, Invariant.I6),
    /**
     * A lost owner's push is repeated only when it is over. Left out of PushClaims.claim on purpose: it would add a call
     * deadline to every recovery, and what it prevents is a second copy of the same leaf.
     */
    PUSH_WAITS_FOR_LOST_OWNER(Scenario.TWO_LEAVES, Invariant.I6),
    /** Looks.confirm, LookRules.resolved: a successor that must wait still waits when it is confirmed. */
    CONFIRMED_STILL_WAITS(Scenario.KNOWN_LEAF, Invariant.I6),
    /** LookRules.importAgain: only what this very look missed is imported again, not what it listed and did not ask about. */
    ONLY_MISSED_IS_IMPORTED_AGAIN(Scenario.TWO_LEAVES, Invariant.I3),
    /** LookRules.importAgain: the 60 s count up to the look's beginning, not to its end. */
    AGE_WHEN_LOOK_BEGAN(Scenario.TWO_LEAVES, Invariant.I3),
    /** Planner.plan: a leaf with an import of unknown outcome starts in RESOLVING. */
    PLAN_KNOWS_OPEN_IMPORTS(Scenario.SAME_LEAF, Invariant.I3),
    /** Endings.endChildren: a push of unknown outcome counts as delivered when order is decided. */
    UNKNOWN_PUSH_IS_DELIVERED(Scenario.TWO_LEAVES, Invariant.I5),
    /** Looks.notPushable, RenewalStore.endWaiting: what a look found out about a row and could not store is found out again. */
    LOST_LOOK_LEASE_IS_TAKEN_UP(Scenario.UNPUSHABLE, Invariant.I1),
    /** Look.Shown, LookRules.adopted: the renewal's own certificate in another status is no miss. */
    OWN_UNPUSHABLE_IS_NO_MISS(Scenario.UNPUSHABLE, Invariant.I3);

    private final Scenario scenario;
    private final Invariant broken;

    Guard(Scenario scenario, Invariant broken) {
        this.scenario = scenario;
        this.broken = broken;
    }

    Scenario scenario() {
        return scenario;
    }

    Invariant broken() {
        return broken;
    }
}
