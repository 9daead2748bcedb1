package io.certcourier.chaos;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.certcourier.chaos.Evidence.Row;
import io.certcourier.chaos.Evidence.Told;
import io.certcourier.local.scm.Effect;
import io.certcourier.local.scm.LedgerEntry;
import io.certcourier.local.scm.Operation;

/** What must hold once a cell has settled. Each check is one pass over the evidence, sorted where order matters. */
final class Invariants {

    private static final Set<Operation> MUTATING = Set.of(Operation.IMPORT, Operation.PUSH, Operation.BATCH_PUSH);
    private static final int TARGETS = 3;

    private final Evidence evidence;
    private final Map<String, List<LedgerEntry>> callsByName;
    private final Map<String, List<Row>> rowsByLeaf;
    private final List<Violation> found = new ArrayList<>();

    private Invariants(Evidence evidence) {
        this.evidence = evidence;
        this.callsByName = evidence.calls().stream().collect(Collectors.groupingBy(LedgerEntry::certificateName));
        this.rowsByLeaf = evidence.rows().stream().filter(row -> row.scmName() != null)
                .collect(Collectors.groupingBy(Row::scmName));
    }

    static List<Violation> check(Evidence evidence) {
        var invariants = new Invariants(evidence);
        invariants.nothingIsLost();
        invariants.oneOutcomePerRound();
        invariants.oneCertificatePerLeaf();
        invariants.succeededMeansDelivered();
        invariants.theNewestIsPushedLast();
        invariants.callsOfOneSubjectDoNotOverlap();
        invariants.noCallAfterTheEnd();
        invariants.noKeyIsLeft();
        invariants.everyCallHasAnIntent();
        return List.copyOf(invariants.found);
    }

    /** What a fault may change is when, not what. */
    static List<Violation> checkOutcomes(Evidence evidence, Set<String> allowed) {
        return evidence.rows().stream().filter(row -> row.endedAt() != null && !allowed.contains(row.state()))
                .map(row -> Violation.wrong("I0", row.id() + " ended " + row.state() + " " + row.reason())).toList();
    }

    /** I13: what a renewal costs when nothing goes wrong. */
    static List<Violation> checkCost(Evidence evidence) {
        var violations = new ArrayList<Violation>();
        long renewals = evidence.rows().size();
        long looks = evidence.calls().stream().filter(call -> call.operation() == Operation.LIST).count();
        long changes = evidence.calls().stream().filter(call -> MUTATING.contains(call.operation())).count();
        if (changes != renewals * (1 + TARGETS) || looks > renewals) {
            violations.add(Violation.wrong("I13", renewals + " renewals took " + changes + " changing calls and " + looks
                    + " list calls"));
        }
        return violations;
    }

    private List<LedgerEntry> calls(String scmName) {
        return callsByName.getOrDefault(scmName, List.of());
    }

    /** I1 */
    private void nothingIsLost() {
        var rows = evidence.rows().stream().collect(Collectors.toMap(Row::id, row -> row));
        for (var sent : evidence.sent()) {
            var id = sent.event().renewalId();
            var row = rows.get(id);
            if (row == null) {
                found.add(Violation.lost("I1", id + " of record " + sent.partition() + "/" + sent.offset() + " is not stored"));
            } else if (row.endedAt() == null) {
                found.add(Violation.lost("I1", id + " is still " + row.state() + " " + row.reason()));
            } else if (!evidence.told().containsKey(id)) {
                found.add(Violation.lost("I1", id + " ended " + row.state() + " and has no outcome"));
            }
        }
    }

    /** I2: copies are allowed, and are the same event. */
    private void oneOutcomePerRound() {
        for (var row : evidence.rows()) {
            var kinds = new HashMap<Integer, Set<String>>();
            for (Told told : evidence.told().getOrDefault(row.id(), List.of())) {
                kinds.computeIfAbsent(told.round(), round -> new HashSet<>()).add(told.eventId() + told.body());
            }
            kinds.forEach((round, bodies) -> {
                if (bodies.size() > 1) {
                    found.add(Violation.duplicated("I2", row.id() + " has " + bodies.size() + " outcomes in round " + round));
                }
            });
        }
    }

    /** I3 */
    private void oneCertificatePerLeaf() {
        for (String leaf : rowsByLeaf.keySet()) {
            var ids = calls(leaf).stream().flatMap(call -> call.effects().stream())
                    .filter(effect -> effect.kind() == Effect.Kind.CREATED).map(Effect::id).toList();
            if (ids.size() > 1) {
                found.add(Violation.duplicated("I3", leaf + " is in SCM as " + ids));
            }
        }
    }

    /** I4: imported, then looked for, then pushed to each target. */
    private void succeededMeansDelivered() {
        for (var row : evidence.rows()) {
            var told = evidence.told().getOrDefault(row.id(), List.of());
            if (!told.isEmpty() && told.get(0).outcome().equals("SUCCEEDED")) {
                var problem = deliveryProblem(row, told.get(0));
                if (problem != null) {
                    found.add(Violation.wrong("I4", row.id() + " SUCCEEDED, but " + problem));
                }
            }
        }
    }

    private String deliveryProblem(Row row, Told told) {
        var calls = calls(row.scmName());
        var created = calls.stream().filter(call -> call.effects().stream()
                .anyMatch(effect -> effect.kind() == Effect.Kind.CREATED && effect.id().equals(told.scmId()))).findFirst();
        if (created.isEmpty()) {
            return told.scmId() + " was never imported";
        }
        var reached = calls.stream().filter(call -> call.certificateId().equals(told.scmId()))
                .filter(call -> call.made(Effect.Kind.PUSHED) || call.made(Effect.Kind.UNCHANGED)).toList();
        long targets = reached.stream().flatMap(call -> call.effects().stream()).map(Effect::target).distinct().count();
        if (targets < TARGETS) {
            return "only " + targets + " targets got " + told.scmId();
        }
        long firstPush = reached.stream().mapToLong(LedgerEntry::startNanos).min().orElseThrow();
        boolean looked = evidence.calls().stream()
                .anyMatch(call -> (call.operation() == Operation.LIST || call.operation() == Operation.SHOW)
                        && call.status().equals("200") && call.endNanos() > 0 && call.endNanos() <= firstPush
                        && call.startNanos() >= created.get().startNanos());
        return looked ? null : "nobody looked between import and push";
    }

    /** I5: each target's last push is of the newest renewal that reached it. */
    private void theNewestIsPushedLast() {
        var bySubject = evidence.rows().stream().filter(row -> row.scmName() != null)
                .collect(Collectors.groupingBy(Row::subject));
        for (var rows : bySubject.values()) {
            var newest = rows.stream().filter(row -> Set.of("SUCCEEDED", "UNCHANGED", "PARTIAL").contains(row.state()))
                    .max(Comparator.comparingLong(Row::rank));
            if (newest.isPresent() && !newest.get().state().equals("PARTIAL")) {
                lastPushes(rows).forEach((target, call) -> {
                    if (!call.certificateName().equals(newest.get().scmName())) {
                        found.add(Violation.wrong("I5", target + " got " + call.certificateName() + " last, after "
                                + newest.get().scmName()));
                    }
                });
            }
        }
    }

    private Map<String, LedgerEntry> lastPushes(List<Row> rows) {
        var last = new HashMap<String, LedgerEntry>();
        rows.stream().map(Row::scmName).distinct().flatMap(leaf -> calls(leaf).stream())
                .sorted(Comparator.comparingLong(LedgerEntry::startNanos))
                .forEach(call -> call.effects().stream().filter(effect -> effect.kind() == Effect.Kind.PUSHED)
                        .forEach(effect -> last.put(effect.target(), call)));
        return last;
    }

    /** I6: only the pushes of one step are made at the same time. */
    private void callsOfOneSubjectDoNotOverlap() {
        var bySubject = evidence.rows().stream().filter(row -> row.scmName() != null).collect(Collectors.groupingBy(
                Row::subject, Collectors.mapping(Row::scmName, Collectors.toSet())));
        bySubject.forEach((subject, leaves) -> {
            var calls = leaves.stream().flatMap(leaf -> calls(leaf).stream())
                    .filter(call -> MUTATING.contains(call.operation()))
                    .sorted(Comparator.comparingLong(LedgerEntry::startNanos)).toList();
            LedgerEntry longest = null;
            for (var call : calls) {
                if (longest != null && call.startNanos() < endOf(longest) && !sameStep(longest, call)) {
                    found.add(Violation.wrong("I6", subject + ": call " + call.sequence() + " (" + call.operation()
                            + ") began during call " + longest.sequence() + " (" + longest.operation() + ")"));
                }
                longest = longest == null || endOf(call) > endOf(longest) ? call : longest;
            }
        });
    }

    /** A call that was never answered is over when its caller has given up or died; that is not in the ledger. */
    private static long endOf(LedgerEntry call) {
        return call.endNanos() == 0 || call.status().equals("lost") ? call.startNanos() : call.endNanos();
    }

    private static boolean sameStep(LedgerEntry one, LedgerEntry other) {
        return one.operation() != Operation.IMPORT && other.operation() != Operation.IMPORT
                && one.certificateId().equals(other.certificateId()) && !one.service().equals(other.service());
    }

    /** I7 */
    private void noCallAfterTheEnd() {
        rowsByLeaf.forEach((leaf, rows) -> {
            if (rows.stream().allMatch(row -> row.endedAt() != null)) {
                var end = rows.stream().map(Row::endedAt).max(Comparator.naturalOrder()).orElseThrow();
                calls(leaf).stream().filter(call -> MUTATING.contains(call.operation()) && call.startedAt().isAfter(end))
                        .forEach(call -> found.add(Violation.wrong("I7", leaf + ": call " + call.sequence() + " ("
                                + call.operation() + ") came " + Duration.between(end, call.startedAt()) + " after the end")));
            }
        });
    }

    /** I9 */
    private void noKeyIsLeft() {
        if (evidence.strayKeys() > 0) {
            found.add(Violation.wrong("I9", evidence.strayKeys() + " private keys outlived their import"));
        }
    }

    /** I10: in no minute more calls of an operation than its budget, whoever made them. */
    static List<Violation> checkBudget(List<LedgerEntry> calls, Map<Operation, Integer> perMinute) {
        var violations = new ArrayList<Violation>();
        perMinute.forEach((operation, most) -> {
            var window = new ArrayDeque<LedgerEntry>();
            int worst = 0;
            for (var call : calls) {
                if (call.operation() == operation) {
                    window.add(call);
                    while (call.startNanos() - window.getFirst().startNanos() > Duration.ofSeconds(60).toNanos()) {
                        window.removeFirst();
                    }
                    worst = Math.max(worst, window.size());
                }
            }
            if (worst > most) {
                violations.add(Violation.wrong("I10", worst + " calls of " + operation + " in a minute, allowed are " + most));
            }
        });
        return violations;
    }

    /** I12 */
    private void everyCallHasAnIntent() {
        for (String leaf : rowsByLeaf.keySet()) {
            var made = calls(leaf).stream().filter(call -> MUTATING.contains(call.operation()))
                    .collect(Collectors.groupingBy(call -> leaf + " " + call.operation().label(), Collectors.counting()));
            made.forEach((call, n) -> {
                if (n > evidence.attempts().getOrDefault(call, 0L)) {
                    found.add(Violation.wrong("I12", call + ": " + n + " calls, "
                            + evidence.attempts().getOrDefault(call, 0L) + " stored intents"));
                }
            });
        }
    }
}
