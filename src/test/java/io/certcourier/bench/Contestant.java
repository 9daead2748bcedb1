package io.certcourier.bench;

import java.util.stream.LongStream;

/** Something that can deliver renewals. */
interface Contestant extends AutoCloseable {

    String name();

    /** How many renewals it is given where the setup wants {@code backlog}: a slow one gets fewer. */
    int renewals(Setup setup);

    LongStream pids();

    /**
     * Delivers as many renewals as it is given.
     *
     * @return milliseconds from event to outcome of each, ascending
     */
    Delivery deliver(Setup setup, int renewals);

    /**
     * @param millis from event to outcome of each renewal, ascending
     * @param seconds from the first event to the last outcome
     * @param fault why the outcomes are not those of the events; null if they are
     */
    record Delivery(long[] millis, double seconds, String fault) {
    }

    @Override
    void close();

    default Run run(Stage stage, Setup setup) {
        int renewals = renewals(setup);
        stage.prepare(setup);
        long ledgerFrom = stage.cloud().lastSequence();
        var before = stage.usage(pids());
        var delivery = deliver(setup, renewals);
        var usage = stage.usage(pids()).since(before);
        double memory = pids().mapToDouble(Machine::residentMiB).sum();
        var ledger = stage.cloud().ledgerSince(ledgerFrom);
        String fault = delivery.fault() == null ? fault(ledger, setup, renewals) : delivery.fault();
        var run = new Run(name(), setup, renewals, delivery.seconds(), delivery.millis(), ledger.counts(), usage, memory,
                ledger.budgetShare(setup.callsPerMinute()), fault);
        System.out.println(run);
        return run;
    }

    private static String fault(Ledger ledger, Setup setup, int renewals) {
        if (ledger.created() != renewals || ledger.delivered(setup.targets()) != renewals) {
            return "%d of %d delivered, %d imported".formatted(ledger.delivered(setup.targets()), renewals, ledger.created());
        }
        return ledger.throttled() > 0 ? ledger.throttled() + " calls above the limit" : null;
    }
}
