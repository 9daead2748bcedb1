package io.certcourier.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What one contestant did once.
 *
 * @param renewals delivered
 * @param seconds from the first event to the last outcome
 * @param millis from event to outcome of every renewal, ascending
 * @param calls that the cloud counted, by operation
 * @param residentMiB of all its processes at the end
 * @param budgetShare of the scarcest operation's budget that was used while work waited, its burst left out; NaN without a
 *        budget
 * @param fault why it is void; null if it counts
 */
record Run(String contestant, Setup setup, int renewals, double seconds, long[] millis, Map<String, Long> calls, Usage usage,
        double residentMiB, double budgetShare, String fault) {

    /** What is reported of a run, by its heading; costs are per renewal. */
    static final Map<String, ToDoubleFunction<Run>> FIGURES = figures();

    private static Map<String, ToDoubleFunction<Run>> figures() {
        var figures = new LinkedHashMap<String, ToDoubleFunction<Run>>();
        figures.put("renewals/s", Run::rate);
        figures.put("p50 s", run -> run.percentile(50));
        figures.put("p99 s", run -> run.percentile(99));
        figures.put("calls", Run::callsEach);
        figures.put("list calls", run -> run.each(run.calls.getOrDefault("list", 0L)));
        figures.put("commits", run -> run.each(run.usage.commits()));
        figures.put("WAL KiB", run -> run.each(run.usage.walBytes() / 1024));
        figures.put("CPU ms", run -> run.each(run.usage.client() * 1000));
        figures.put("database CPU ms", run -> run.each(run.usage.postgres() * 1000));
        figures.put("memory MiB", Run::residentMiB);
        figures.put("emulator %", run -> 100 * run.usage.emulator() / run.usage.at());
        figures.put("others %", run -> 100 * run.usage.others() / run.usage.at() / Runtime.getRuntime().availableProcessors());
        return figures;
    }

    double rate() {
        return renewals / seconds;
    }

    double callsEach() {
        return each(calls.values().stream().mapToLong(Long::longValue).sum());
    }

    double each(double total) {
        return total / renewals;
    }

    /** Seconds from event to outcome. */
    double percentile(int percent) {
        return millis.length == 0 ? Double.NaN : millis[Math.min(millis.length - 1, millis.length * percent / 100)] / 1000.0;
    }

    @Override
    public String toString() {
        return "%-12s %6.1f/s p50 %.2f s p99 %.2f s, %.2f calls %s, %.2f commits, %.1f KiB WAL, CPU ms %.1f + %.1f database, %.0f MiB, emulator %.0f %%, others %.0f %%%s"
                .formatted(contestant, rate(), percentile(50), percentile(99), callsEach(), new TreeMap<>(calls),
                        each(usage.commits()), each(usage.walBytes() / 1024), each(usage.client() * 1000),
                        each(usage.postgres() * 1000), residentMiB, FIGURES.get("emulator %").applyAsDouble(this),
                        FIGURES.get("others %").applyAsDouble(this), fault == null ? "" : " VOID: " + fault);
    }
}
