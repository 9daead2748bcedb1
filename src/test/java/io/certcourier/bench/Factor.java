package io.certcourier.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What is varied, one at a time around the centre, who takes part, and how often. */
enum Factor {
    CENTRE("Centre", 5, Set.of("limit", "limit+db", "baseline", "certcourier"), centre -> centre, 0),
    LATENCY_1("Latency 1 ms", 3, Set.of("limit", "limit+db", "baseline", "certcourier"), centre -> centre.withLatency(1), 0),
    /** Fewer renewals: every one of them takes a second. */
    LATENCY_300("Latency 300 ms", 3, Set.of("limit", "limit+db", "certcourier"),
            centre -> centre.withLatency(300).withBacklog(Math.min(300, centre.backlog())), 0),
    ACCOUNT("Account size", 3, Set.of("limit", "certcourier"), Setup::withAccount, 0, 5000, 10_000),
    TARGETS("Targets", 3, Set.of("limit", "certcourier"), Setup::withTargets, 1, 10),
    LARGE("Large account, many targets", 3, Set.of("baseline", "certcourier"),
            centre -> centre.withAccount(5000).withTargets(10).withBacklog(Math.min(300, centre.backlog())), 0),
    BACKLOG("Backlog", 3, Set.of("certcourier"), Setup::withBacklog, 100, 5000),
    /** At a latency that leaves the machine idle. */
    REPLICAS("Replicas", 3, Set.of("certcourier"),
            (centre, count) -> centre.withLatency(300).withBacklog(Math.min(600, centre.backlog())).withReplicas(count), 1, 2),
    RATE("Budget of 10 calls a second", 1, Set.of("certcourier"),
            centre -> centre.withCallsPerMinute(Integer.getInteger("bench.rate", 600))
                    .withBacklog(Math.min(400, centre.backlog())),
            0);

    private interface Variation {
        Setup of(Setup centre, int value);
    }

    private final String title;
    private final int rounds;
    private final Set<String> contestants;
    private final Variation variation;
    private final int[] values;

    Factor(String title, int rounds, Set<String> contestants, Variation variation, int... values) {
        this.title = title;
        this.rounds = rounds;
        this.contestants = contestants;
        this.variation = variation;
        this.values = values;
    }

    Factor(String title, int rounds, Set<String> contestants, Function<Setup, Setup> change, int once) {
        this(title, rounds, contestants, (centre, value) -> change.apply(centre), new int[] { once });
    }

    /** @param names separated by commas, {@code all} for all */
    static List<Factor> named(String names) {
        return Arrays.stream(values()).filter(factor -> names.equals("all")
                || Arrays.asList(names.toUpperCase(Locale.ROOT).split(",")).contains(factor.name())).toList();
    }

    String title() {
        return title;
    }

    int rounds() {
        return rounds;
    }

    boolean has(Contestant contestant) {
        return contestants.contains(contestant.name());
    }

    /** The setups of a round. */
    List<Setup> setups(Setup centre) {
        return IntStream.of(values).mapToObj(value -> variation.of(centre, value)).toList();
    }
}
