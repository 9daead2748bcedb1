package io.certcourier.flow;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import org.awaitility.Awaitility;

import io.certcourier.flow.Signal.Kind;

/** One situation, caused and healed before the eyes of a {@link Watch}. */
final class SituationRun {

    /** Nothing may stay silent longer. */
    static final Duration MOST = Duration.ofSeconds(60);
    /** Two tallies, to see what flaps. */
    private static final Duration STILL = Duration.ofSeconds(30);
    private static final Duration HOLD = Duration.ofSeconds(10);
    private static final Duration RECOVERY = Duration.ofMinutes(3);

    private final Situation situation;
    private final Watch watch;
    private final Map<Signal, Duration> told = new LinkedHashMap<>();
    private final Map<Signal, Boolean> last = new HashMap<>();
    private final Map<Signal, Integer> changes = new HashMap<>();
    private final Map<String, Integer> probeChanges = new LinkedHashMap<>();
    private long begun;
    private Duration quiet;

    private SituationRun(Situation situation, Watch watch) {
        this.situation = situation;
        this.watch = watch;
    }

    static SituationRun of(Situation situation, Watch watch) {
        var run = new SituationRun(situation, watch);
        watch.begin();
        run.begun = System.nanoTime();
        situation.cause().run();
        run.untilTold();
        situation.heal().run();
        run.untilQuiet();
        Watch.PROBES.forEach(probe -> run.probeChanges.put(probe, watch.changes(probe)));
        return run;
    }

    /** Nothing is wrong, so nothing must be told. */
    static SituationRun ofNothing(Situation situation, Watch watch) {
        var run = new SituationRun(situation, watch);
        watch.begin();
        run.begun = System.nanoTime();
        situation.cause().run();
        run.look(STILL, () -> since(run.begun).compareTo(STILL) > 0);
        Watch.PROBES.forEach(probe -> run.probeChanges.put(probe, watch.changes(probe)));
        return run;
    }

    private void untilTold() {
        look(MOST, () -> told.size() == situation.signals().size() || since(begun).compareTo(MOST) > 0);
        long from = System.nanoTime();
        look(HOLD, () -> since(from).compareTo(HOLD) > 0);
    }

    private void untilQuiet() {
        long healed = System.nanoTime();
        look(RECOVERY, () -> {
            boolean calm = situation.signals().stream().noneMatch(signal -> !signal.stays() && last.get(signal));
            quiet = !calm ? null : quiet == null ? since(healed) : quiet;
            return quiet != null && since(healed).minus(quiet).compareTo(HOLD) > 0;
        });
    }

    private void look(Duration most, BooleanSupplier done) {
        Awaitility.await(situation.name()).atMost(most.plus(MOST)).pollDelay(Duration.ZERO).pollInterval(Watch.EVERY)
                .until(() -> {
                    var sight = watch.sight();
                    situation.signals().forEach(signal -> note(signal, signal.told().test(sight)));
                    return done.getAsBoolean();
                });
    }

    private void note(Signal signal, boolean is) {
        if (is) {
            told.putIfAbsent(signal, since(begun));
        }
        Boolean was = last.put(signal, is);
        if (was == null ? is : was != is) {
            changes.merge(signal, 1, Integer::sum);
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    Situation situation() {
        return situation;
    }

    /** When each signal first told, from the cause on. */
    Map<Signal, Duration> told() {
        return told;
    }

    boolean toldInTime(Kind... kinds) {
        return told.entrySet().stream()
                .anyMatch(one -> List.of(kinds).contains(one.getKey().kind()) && one.getValue().compareTo(MOST) <= 0);
    }

    /** How often a signal came or went. */
    int changes(Signal signal) {
        return changes.getOrDefault(signal, 0);
    }

    /** How often each probe turned, by path. */
    Map<String, Integer> probeChanges() {
        return probeChanges;
    }

    /** From healing until all was quiet, and stayed so. */
    Duration quiet() {
        return quiet;
    }
}
