package io.certcourier.renewal;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Which renewals to list; all conditions together. Null or empty: not asked for.
 *
 * @param states any of these, by {@link #stateNames()}
 * @param outcomes any of these, by {@link #outcomeNames()}
 * @param certificateName exactly this name
 * @param reasonCode why it failed, waits or is held
 * @param since accepted at or after
 * @param until accepted before
 * @param limit 1 to {@value #MAX_LIMIT}
 * @param after where the page before ended
 */
public record RenewalFilter(Set<String> states, Set<String> outcomes, String certificateName, String account, String reasonCode,
        Instant since, Instant until, int limit, PageCursor after) {

    public static final int MAX_LIMIT = 200;

    /** @throws IllegalArgumentException the limit is out of bounds, or a state or outcome is not known */
    public RenewalFilter {
        if (limit < 1 || limit > MAX_LIMIT || !stateNames().containsAll(states) || !outcomeNames().containsAll(outcomes)) {
            throw new IllegalArgumentException("not a filter: limit " + limit + ", or an unknown state or outcome");
        }
    }

    /** All states a renewal can be in, outcomes included. */
    public static List<String> stateNames() {
        return Arrays.stream(State.values()).map(State::name).toList();
    }

    /** The states in which a renewal has ended. */
    public static List<String> outcomeNames() {
        return Arrays.stream(State.values()).filter(State::terminal).map(State::name).toList();
    }

    /** The states in which something is still to happen. */
    public static List<String> openStateNames() {
        return Arrays.stream(State.values()).filter(state -> !state.terminal()).map(State::name).toList();
    }
}
