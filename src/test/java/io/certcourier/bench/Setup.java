package io.certcourier.bench;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Under which conditions a run takes place.
 *
 * @param latency of every SCM call, in milliseconds
 * @param callsPerMinute budget of each operation; 0 for none
 * @param account certificates that are in the account before
 * @param targets of each renewal
 * @param backlog renewals that are there at once
 * @param replicas processes of the service
 */
record Setup(int latency, int callsPerMinute, int account, int targets, int backlog, int replicas) {

    /** Renewals that a client works on at once. */
    static final int CONCURRENCY = 16;
    /** As many as any setup wants: all accounts allow them. */
    private static final List<String> TARGETS = Stream.concat(Stream.of("CDN", "ELB@cn-north-4", "WAF@cn-north-4"),
            IntStream.range(0, 7).mapToObj(i -> (i % 2 == 0 ? "ELB" : "WAF") + "@cn-bench-" + i)).toList();

    static Setup centre() {
        return new Setup(50, 0, 500, 3, 1000, 1);
    }

    static List<String> allTargets() {
        return TARGETS;
    }

    static List<String> projects() {
        return TARGETS.stream().filter(target -> target.contains("@")).map(target -> target.substring(target.indexOf('@') + 1))
                .distinct().toList();
    }

    /** {@code CDN}, {@code ELB@cn-north-4}, .. */
    List<String> targetNames() {
        return TARGETS.subList(0, targets);
    }

    /** Services that get at least one call per renewal. */
    int services() {
        return Math.min(3, targets);
    }

    Setup withLatency(int millis) {
        return new Setup(millis, callsPerMinute, account, targets, backlog, replicas);
    }

    Setup withCallsPerMinute(int calls) {
        return new Setup(latency, calls, account, targets, backlog, replicas);
    }

    Setup withAccount(int certificates) {
        return new Setup(latency, callsPerMinute, certificates, targets, backlog, replicas);
    }

    Setup withTargets(int count) {
        return new Setup(latency, callsPerMinute, account, count, backlog, replicas);
    }

    Setup withBacklog(int renewals) {
        return new Setup(latency, callsPerMinute, account, targets, renewals, replicas);
    }

    Setup withReplicas(int processes) {
        return new Setup(latency, callsPerMinute, account, targets, backlog, processes);
    }

    @Override
    public String toString() {
        return "latency %d ms, %s, %,d in the account, %d targets, %,d renewals, %d %s".formatted(latency,
                callsPerMinute == 0 ? "no rate limit" : callsPerMinute + " calls/min", account, targets, backlog, replicas,
                replicas == 1 ? "replica" : "replicas");
    }
}
