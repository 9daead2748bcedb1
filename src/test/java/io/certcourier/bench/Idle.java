package io.certcourier.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import org.awaitility.Awaitility;

/**
 * Single renewals, each sent to a service that has nothing else to do.
 *
 * @param firstCall milliseconds from event to the import's arrival at the cloud, ascending
 * @param outcome milliseconds from event to outcome, ascending
 * @param calls per renewal
 */
record Idle(long[] firstCall, long[] outcome, double calls) {

    static Idle measure(Stage stage, Service service, Setup setup, int renewals) {
        stage.prepare(setup.withBacklog(1));
        long ledgerFrom = stage.cloud().lastSequence();
        var sent = new ArrayList<Long>();
        var told = new ArrayList<Long>();
        for (var sample : stage.samples(renewals)) {
            service.outcomes().forget();
            sent.add(service.send(setup, List.of(sample)).get(sample.renewalId()));
            Awaitility.await("the outcome of " + sample.name()).atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> service.outcomes().delivered().containsKey(sample.renewalId()));
            told.add(service.outcomes().delivered().get(sample.renewalId()));
            Service.pause(400); // a look of its own for the next
        }
        var ledger = stage.cloud().ledgerSince(ledgerFrom);
        var imports = ledger.imports();
        if (imports.size() != renewals || ledger.delivered(setup.targets()) != renewals) {
            throw new IllegalStateException(
                    "void: %d of %d were delivered".formatted(ledger.delivered(setup.targets()), renewals));
        }
        return new Idle(
                LongStream.range(0, renewals).map(i -> imports.get((int) i).toEpochMilli() - sent.get((int) i)).sorted()
                        .toArray(),
                LongStream.range(0, renewals).map(i -> told.get((int) i) - sent.get((int) i)).sorted().toArray(),
                ledger.calls().size() / (double) renewals);
    }

    static long percentile(long[] millis, int percent) {
        return millis[Math.min(millis.length - 1, millis.length * percent / 100)];
    }

    @Override
    public String toString() {
        return "idle: first call p50 %d ms p99 %d ms, outcome p50 %d ms p99 %d ms, %.2f calls".formatted(
                percentile(firstCall, 50), percentile(firstCall, 99), percentile(outcome, 50), percentile(outcome, 99), calls);
    }
}
