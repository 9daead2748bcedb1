package io.certcourier.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.vertx.core.json.JsonObject;

/** What the cloud saw of one run: the truth about its calls and their effects. */
record Ledger(List<Call> calls) {

    /**
     * @param operation import, list, show, push, batch-push
     * @param created id of the certificate that it made; null if none
     * @param reached targets that it gave a copy of the certificate
     */
    record Call(long sequence, String operation, Instant at, String certificateName, String certificateId, String status,
            String created, Set<String> reached) {

        static Call of(JsonObject json) {
            var effects = json.getJsonArray("effects").stream().map(JsonObject.class::cast).toList();
            return new Call(json.getLong("sequence"), json.getString("operation"), Instant.parse(json.getString("startedAt")),
                    json.getString("certificateName"), json.getString("certificateId"), json.getString("status"),
                    effects.stream().filter(effect -> effect.getString("kind").equals("CREATED"))
                            .map(effect -> effect.getString("id")).findFirst().orElse(null),
                    effects.stream().filter(effect -> effect.getString("kind").equals("PUSHED"))
                            .map(effect -> effect.getString("target")).collect(Collectors.toSet()));
        }
    }

    /** How many calls of each operation. */
    Map<String, Long> counts() {
        return calls.stream().collect(Collectors.groupingBy(Call::operation, TreeMap::new, Collectors.counting()));
    }

    long throttled() {
        return calls.stream().filter(call -> call.status().equals("429")).count();
    }

    /** Certificates that were made and have reached as many targets, each exactly once. */
    long delivered(int targets) {
        var made = calls.stream().map(Call::created).filter(id -> id != null).collect(Collectors.toSet());
        var reached = calls.stream().filter(call -> !call.reached().isEmpty()).collect(Collectors.groupingBy(
                Call::certificateId, Collectors.flatMapping(call -> call.reached().stream(), Collectors.toList())));
        return made.stream().map(id -> reached.getOrDefault(id, List.of()))
                .filter(all -> all.size() == targets && Set.copyOf(all).size() == targets).count();
    }

    long created() {
        return calls.stream().filter(call -> call.created() != null).count();
    }

    /**
     * Of the operation called most: how many calls there were of those that a budget allows from the time on when its burst is
     * spent. NaN without a budget.
     */
    double budgetShare(int callsPerMinute) {
        if (callsPerMinute == 0) {
            return Double.NaN;
        }
        var most = calls.stream().collect(Collectors.groupingBy(Call::operation)).values().stream()
                .max(Comparator.comparingInt(List::size)).orElse(List.of()).stream().map(Call::at).sorted().toList();
        int burst = callsPerMinute / 40;
        double seconds = Duration.between(most.get(burst), most.get(most.size() - 1)).toMillis() / 1000.0;
        return (most.size() - 1 - burst) / (seconds * callsPerMinute / 60);
    }

    /** When the imports arrived, in their order. */
    List<Instant> imports() {
        return calls.stream().filter(call -> call.operation().equals("import")).map(Call::at).toList();
    }
}
