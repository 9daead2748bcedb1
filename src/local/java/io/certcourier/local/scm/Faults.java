package io.certcourier.local.scm;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The faults in force, with how often each matched and struck. Only calls that pass authentication, rate and permission can
 * match: a call the gateway refuses anyway uses no fault up.
 */
public final class Faults {

    private final List<Active> active = new ArrayList<>();

    /**
     * What happens to one call.
     *
     * @param fault null for none.
     * @param latencyMillis before the answer
     */
    record Plan(Fault fault, long latencyMillis) {

        static final Plan NONE = new Plan(null, 0);
    }

    private static final class Active {
        private final Fault fault;
        private final Random random;
        private int matched;
        private int struck;

        private Active(Fault fault) {
            this.fault = fault;
            this.random = new Random(fault.seed());
        }

        private boolean counts(Call call) {
            if (!fault.matches(call)) {
                return false;
            }
            matched++;
            return matched >= fault.nth() && (fault.times() == 0 || struck < fault.times())
                    && (fault.share() == 1 || random.nextDouble() < fault.share());
        }
    }

    public synchronized Faults add(Fault... more) {
        for (var fault : more) {
            active.add(new Active(fault));
        }
        return this;
    }

    public synchronized void replace(List<Fault> others) {
        active.clear();
        others.forEach(fault -> active.add(new Active(fault)));
    }

    public synchronized void clear() {
        active.clear();
    }

    public synchronized List<Fault> all() {
        return active.stream().map(one -> one.fault).toList();
    }

    /** How many calls the faults of a kind have struck so far. */
    public synchronized int struck(FaultKind kind) {
        return active.stream().filter(one -> one.fault.kind() == kind).mapToInt(one -> one.struck).sum();
    }

    /** The first fault in order that is due strikes; the others wait for their next matching call. Latencies add up. */
    synchronized Plan plan(Call call) {
        Fault striking = null;
        var latency = 0L;
        for (var one : active) {
            if (!one.counts(call)) {
                continue;
            }
            if (one.fault.kind() == FaultKind.LATENCY) {
                one.struck++;
                latency += one.fault.number("millis") + one.random.nextInt(one.fault.number("jitter") + 1);
            } else if (striking == null) {
                one.struck++;
                striking = one.fault;
            }
        }
        return new Plan(striking, latency);
    }
}
