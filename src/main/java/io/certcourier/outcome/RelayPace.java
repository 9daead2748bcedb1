package io.certcourier.outcome;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.certcourier.outcome.Outbox.Pending;

/**
 * Which events the relay may send now. One of a lane at a time keeps their order: in a topic always, across topics while both
 * take events. A topic that has not shown that it works gets one event at a time and rests after a failure, so that a broker
 * that is away costs a probe and not a flood, and a topic that is missing does not hold up the others. A lane that failed rests
 * a little longer than its topic, so that the next probe is of another lane, perhaps in another partition.
 */
class RelayPace {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private record Rest(int failures, long until) {
    }

    private final LongSupplier nanoTime;
    private final Set<String> working = new HashSet<>();
    private final Map<String, Rest> topics = new HashMap<>();
    private final Map<String, Rest> lanes = new HashMap<>();

    RelayPace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The topics from which nothing may be read now. */
    Set<String> restingTopics(Collection<Pending> inFlight) {
        var probed = inFlight.stream().map(RelayPace::topic).filter(topic -> !working.contains(topic));
        return Stream.concat(probed, resting(topics)).collect(Collectors.toSet());
    }

    /** The lanes of which nothing may be read now. */
    Set<String> restingLanes(Collection<Pending> inFlight) {
        return Stream.concat(inFlight.stream().map(Pending::lane), resting(lanes)).collect(Collectors.toSet());
    }

    /** @param pending in the order they were stored, without those of resting topics and lanes */
    List<Pending> choose(List<Pending> pending) {
        var chosen = new ArrayList<Pending>();
        var seenLanes = new HashSet<String>();
        var probed = new HashSet<String>();
        for (var one : pending) {
            if (seenLanes.add(one.lane()) && (working.contains(topic(one)) || probed.add(topic(one)))) {
                chosen.add(one);
            }
        }
        return chosen;
    }

    /** The topic answers: it gets as much as it takes. True if with this nothing is in trouble any more. */
    boolean taken(Pending sent) {
        var trouble = inTrouble();
        working.add(topic(sent));
        topics.remove(topic(sent));
        lanes.remove(sent.lane());
        return trouble && !inTrouble();
    }

    /** True if nothing was in trouble before. */
    boolean failed(Pending sent) {
        var trouble = inTrouble();
        working.remove(topic(sent));
        topics.compute(topic(sent), (topic, before) -> longer(before, ThreadLocalRandom.current().nextDouble(0.5, 1)));
        lanes.compute(sent.lane(), (lane, before) -> longer(before, 1));
        return !trouble;
    }

    /** No answer yet: the topic gets no further event until one comes. */
    void slow(Pending sent) {
        working.remove(topic(sent));
    }

    /** The event will not be sent any more. */
    void parked(Pending sent) {
        lanes.remove(sent.lane());
    }

    /** Starts anew, as another replica may have sent what failed here. */
    void forget() {
        working.clear();
        topics.clear();
        lanes.clear();
    }

    private boolean inTrouble() {
        return !lanes.isEmpty() || !topics.isEmpty();
    }

    private Rest longer(Rest before, double share) {
        var failures = before == null ? 1 : before.failures() + 1;
        return new Rest(failures, nanoTime.getAsLong() + (long) (share * ceiling(failures).toNanos()));
    }

    /** 2, 4, 8, 16, 30, 30, .. seconds. */
    static Duration ceiling(int failures) {
        var doubled = SHORTEST.multipliedBy(1L << Math.min(failures, 5));
        return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }

    private Stream<String> resting(Map<String, Rest> rests) {
        var now = nanoTime.getAsLong();
        return rests.entrySet().stream().filter(rest -> rest.getValue().until() - now > 0).map(Map.Entry::getKey);
    }

    private static String topic(Pending pending) {
        return pending.event().topic();
    }
}
