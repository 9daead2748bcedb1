package io.certcourier.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What we want to reach, next to what was measured. */
final class Targets {

    private static final String OURS = "certcourier";

    private final Results results;
    private final List<String> rows = new ArrayList<>();

    private Targets(Results results) {
        this.results = results;
    }

    /** A Markdown table. */
    static String table(Results results, Idle idle, Outage outage) {
        var targets = new Targets(results);
        targets.ratios();
        targets.costs();
        targets.slopes();
        targets.singles(idle, outage);
        return "| figure | target | measured: median (least to most) | |\n|---|---|--:|---|\n" + String.join("\n", targets.rows)
                + "\n";
    }

    private void ratios() {
        least("certcourier ÷ limit, latency 50 ms", 0.95, results.ratio(Factor.CENTRE, OURS, "limit", Run::rate));
        least("certcourier ÷ limit, latency 300 ms", 0.95, results.ratio(Factor.LATENCY_300, OURS, "limit", Run::rate));
        least("certcourier ÷ limit+db, latency 1 ms", 0.6, results.ratio(Factor.LATENCY_1, OURS, "limit+db", Run::rate));
        least("certcourier ÷ baseline, renewals/s, 5,000 in the account, 10 targets", 20,
                results.ratio(Factor.LARGE, OURS, "baseline", Run::rate));
        least("baseline ÷ certcourier, calls, 5,000 in the account, 10 targets", 20,
                results.ratio(Factor.LARGE, "baseline", OURS, Run::callsEach));
        least("share of a budget of 10/s used while work waits, none above it", 0.95,
                results.spread(Factor.RATE, OURS, Run::budgetShare));
    }

    private void costs() {
        most("calls beyond 1 + S per renewal", 0.1,
                results.spread(Factor.CENTRE, OURS, run -> run.callsEach() - 1 - run.setup().services()));
        most("own commits per renewal", 3.3, results.spread(Factor.CENTRE, OURS, run -> run.each(run.usage().commits())));
    }

    private void slopes() {
        most("calls per renewal, account of 10,000 ÷ empty one", 1.05, results.growth(Factor.ACCOUNT,
                run -> run.setup().account() == 10_000, run -> run.setup().account() == 0, Run::callsEach));
        most("CPU per renewal, account of 10,000 ÷ empty one", 1.05, results.growth(Factor.ACCOUNT,
                run -> run.setup().account() == 10_000, run -> run.setup().account() == 0, Targets::cpu));
        most("CPU per renewal, backlog of 5,000 ÷ 100", 1.05, results.growth(Factor.BACKLOG,
                run -> run.setup().backlog() == 5000, run -> run.setup().backlog() == 100, Targets::cpu));
        least("two replicas ÷ one, latency 300 ms", 1.9, results.growth(Factor.REPLICAS,
                run -> run.setup().replicas() == 2, run -> run.setup().replicas() == 1, Run::rate));
    }

    private static double cpu(Run run) {
        return run.each(run.usage().client() + run.usage().postgres());
    }

    private void singles(Idle idle, Outage outage) {
        if (outage != null) {
            least("intake, events/s stored", 3000, one(outage.intakeRate()));
            most("memory after draining %,d queued events ÷ idle before".formatted(outage.events()), 1.5,
                    one(outage.residentMiB().get("told") / outage.residentMiB().get("idle")));
        }
        if (idle != null) {
            most("event → first SCM call, idle service, p99 ms", 50, one(Idle.percentile(idle.firstCall(), 99)));
        }
    }

    private static Spread one(double value) {
        return new Spread(value, value, value);
    }

    private void least(String figure, double target, Spread measured) {
        row(figure, "≥ " + plain(target), measured, measured.median() >= target);
    }

    private void most(String figure, double target, Spread measured) {
        row(figure, "≤ " + plain(target), measured, measured.median() <= target);
    }

    private void row(String figure, String target, Spread measured, boolean met) {
        if (!Double.isNaN(measured.median())) {
            rows.add("| %s | %s | %s | %s |".formatted(figure, target, measured, met ? "met" : "**missed**"));
        }
    }

    private static String plain(double target) {
        return String.format(Locale.ROOT, target == Math.rint(target) ? "%,.0f" : "%s", target);
    }
}
