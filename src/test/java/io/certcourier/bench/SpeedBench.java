package io.certcourier.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

/**
 * Every contestant under every setup, interleaved in one run, with a report in target/bench and, with -Dregenerate, in docs.
 * Fails on a void run, and where calls or commits per renewal leave their targets: counts, which depend on the machine far less
 * than times.
 */
class SpeedBench {

    private static final boolean SHORT = Boolean.getBoolean("bench.short");
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(3);
    private static final int MOST_EXTRA_CALLS_PER_TEN = 1;
    private static final double MOST_COMMITS = 3.3;

    private final Setup centre = Setup.centre().withBacklog(Integer.getInteger("bench.backlog", SHORT ? 300 : 1000));
    private final String wanted = SHORT ? "centre,idle" : System.getProperty("bench.factors", "all");
    private final List<Factor> factors = Factor.named(wanted);
    private final Results results = new Results();

    @Test
    void contestants_deliver_everything_and_the_service_stays_within_calls_and_commits() {
        var begun = Instant.now();
        int most = factors.stream().flatMap(factor -> factor.setups(centre).stream()).mapToInt(Setup::backlog).max()
                .orElse(centre.backlog());
        try (var stage = new Stage(most)) {
            var report = new Report(results, Machine.line());
            try (var limit = Limit.inMemory(stage);
                    var db = Limit.withCommits(stage);
                    var baseline = new Baseline(stage);
                    var service = new Service(stage, centre)) {
                report.startSeconds(service.startSeconds());
                warmUp(stage, List.of(limit, db, baseline, service));
                factors.stream().filter(factor -> factor != Factor.RATE)
                        .forEach(factor -> {
                            run(stage, factor, service, List.of(limit, db, baseline, service));
                            report.write(Duration.between(begun, Instant.now())); // should a later one fail
                        });
                if (wants("profile")) {
                    report.profile(Profile.of(service, () -> service.run(stage, centre.withLatency(1))));
                }
                if (wants("idle")) {
                    report.idle(Idle.measure(stage, service, centre, SHORT ? 10 : 50));
                }
                if (wants("outage")) {
                    report.outage(Outage.measure(stage, service, centre.withLatency(1), most));
                }
            }
            if (factors.contains(Factor.RATE)) {
                var limited = Factor.RATE.setups(centre).get(0);
                try (var service = new Service(stage, limited)) {
                    run(stage, Factor.RATE, service, List.of(service));
                }
            }
            System.out.println(report.write(Duration.between(begun, Instant.now())));
        }
        judge();
    }

    private boolean wants(String single) {
        return wanted.equals("all") || List.of(wanted.split(",")).contains(single);
    }

    /** Until a contestant has stopped getting faster: what is measured then is machine code. A short run only counts. */
    private void warmUp(Stage stage, List<Contestant> contestants) {
        if (SHORT) {
            return;
        }
        for (var contestant : contestants) {
            long until = System.nanoTime() + LONGEST_WARM_UP.toNanos();
            double best = 0;
            for (int notFaster = 0; notFaster < 3 && System.nanoTime() < until;) {
                double rate = contestant.run(stage, centre.withLatency(1)).rate();
                notFaster = rate > 1.03 * best ? 0 : notFaster + 1;
                best = Math.max(best, rate);
            }
        }
    }

    private void run(Stage stage, Factor factor, Service service, List<Contestant> contestants) {
        for (int round = 0; round < rounds(factor); round++) {
            for (var setup : factor.setups(centre)) {
                if (service.scale(setup.replicas())) {
                    warmUp(stage, List.of(service));
                }
                System.out.println(factor.title() + ", round " + round + ": " + setup);
                for (var contestant : contestants) {
                    if (factor.has(contestant)) {
                        results.add(factor, round, contestant.run(stage, setup));
                    }
                }
            }
        }
        service.scale(1);
    }

    private static int rounds(Factor factor) {
        return Math.min(factor.rounds(), Integer.getInteger("bench.rounds", SHORT ? 2 : factor.rounds()));
    }

    private void judge() {
        assertThat(results.all()).allSatisfy(entry -> assertThat(entry.run().fault()).as(entry.run().toString()).isNull());
        assertThat(results.all()).filteredOn(entry -> entry.factor() == Factor.CENTRE)
                .filteredOn(entry -> entry.run().contestant().equals("certcourier")).allSatisfy(entry -> {
                    var run = entry.run();
                    assertThat(run.callsEach()).as(run.toString()).isLessThanOrEqualTo(
                            1 + run.setup().services() + MOST_EXTRA_CALLS_PER_TEN / 10.0);
                    assertThat(run.each(run.usage().commits())).as(run.toString()).isLessThanOrEqualTo(MOST_COMMITS);
                });
    }
}
