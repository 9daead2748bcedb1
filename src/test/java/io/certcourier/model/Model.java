package io.certcourier.model;

/** What {@link Explorer} explores. */
interface Model {

    /** Receives the successors of a state. */
    interface Steps {

        /**
         * @param says the step in words; %w and %r stand for the worker and the renewal
         */
        void to(World next, String says, int worker, int renewal);
    }

    World start();

    void steps(World from, Steps steps);

    /** The representative of all states that are alike; the steps of alike states are alike. */
    World canonical(World world);

    /** The invariant that this state breaks; NONE if it is sound. */
    Invariant broken(World world);

    /** True if nothing is left to do; from every state such a one must be reachable. */
    boolean settled(World world);

    /** True if reaching a settled state must not depend on this step. */
    boolean lastResort(String says);
}
