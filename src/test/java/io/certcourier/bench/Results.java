package io.certcourier.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** All runs of one bench, in their order, and what they say. */
final class Results {

    /** @param round from 0; runs of one round are neighbours in time */
    record Entry(Factor factor, int round, Run run) {
    }

    private final List<Entry> entries = new ArrayList<>();

    void add(Factor factor, int round, Run run) {
        entries.add(new Entry(factor, round, run));
    }

    List<Entry> all() {
        return List.copyOf(entries);
    }

    /** Contestant and setup of a factor, in the order of their first runs. */
    Stream<Run> firsts(Factor factor) {
        return entries.stream().filter(entry -> entry.factor == factor && entry.round == 0).map(Entry::run);
    }

    Spread spread(Factor factor, Setup setup, String contestant, ToDoubleFunction<Run> figure) {
        return Spread.of(runs(factor, contestant, run -> run.setup().equals(setup))
                .mapToDouble(entry -> figure.applyAsDouble(entry.run)));
    }

    Spread spread(Factor factor, String contestant, ToDoubleFunction<Run> figure) {
        return Spread.of(runs(factor, contestant, run -> true).mapToDouble(entry -> figure.applyAsDouble(entry.run)));
    }

    /** A figure of one contestant over that of another, each pair from the same round. */
    Spread ratio(Factor factor, String above, String below, ToDoubleFunction<Run> figure) {
        return pairs(runs(factor, above, run -> true), entry -> runs(factor, below, run -> true)
                .filter(other -> other.round == entry.round), figure);
    }

    /** The same for two setups of the service. */
    Spread growth(Factor factor, Predicate<Run> above, Predicate<Run> below, ToDoubleFunction<Run> figure) {
        return pairs(runs(factor, "certcourier", above), entry -> runs(factor, "certcourier", below)
                .filter(other -> other.round == entry.round), figure);
    }

    private static Spread pairs(Stream<Entry> above, java.util.function.Function<Entry, Stream<Entry>> below,
            ToDoubleFunction<Run> figure) {
        return Spread.of(above.flatMapToDouble(entry -> below.apply(entry).flatMapToDouble(other -> DoubleStream
                .of(figure.applyAsDouble(entry.run) / figure.applyAsDouble(other.run)))));
    }

    /** Those that count. */
    private Stream<Entry> runs(Factor factor, String contestant, Predicate<Run> which) {
        return entries.stream().filter(entry -> entry.run.fault() == null)
                .filter(entry -> entry.factor == factor && entry.run.contestant().equals(contestant) && which.test(entry.run));
    }
}
