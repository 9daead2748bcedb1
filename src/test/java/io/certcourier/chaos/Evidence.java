package io.certcourier.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

import io.certcourier.chaos.Story.Sent;
import io.certcourier.flow.Flow;
import io.certcourier.flow.TopicLog;
import io.certcourier.flow.TopicLog.Message;
import io.certcourier.local.scm.LedgerEntry;

/**
 * What is to be judged: the emulator's ledger and the topics are the truth, the database is what the service believes.
 *
 * @param calls of all accounts since the cell began
 * @param told outcome events by renewal, every copy
 * @param attempts stored intents by SCM name and operation, such as {@code cr-a-0123 import}
 * @param strayKeys sealed keys of renewals that need none
 */
record Evidence(List<Sent> sent, List<LedgerEntry> calls, Map<UUID, List<Told>> told, List<Row> rows,
        Map<String, Long> attempts,
        long strayKeys) {

    /** One copy of an outcome event. */
    record Told(UUID renewal, int round, String outcome, String eventId, String body, String scmName, String scmId,
            Instant at) {
    }

    /** A renewal as it is stored. */
    record Row(UUID id, String subject, long generation, Long sequence, String state, String reason, String scmName,
            String scmId,
            Instant acceptedAt, Instant endedAt) {

        /** Order of being newer among the renewals of one subject. */
        long rank() {
            return sequence == null ? generation : sequence;
        }
    }

    static Evidence gather(Flow flow, String prefix, List<Sent> sent, long ledgerFrom,
            Map<UUID, List<Told>> told) {
        var rows = flow
                .query("""
                        SELECT id, subject_key, generation, sequence, state, reason_code, scm_name, scm_certificate_id, accepted_at, ended_at
                          FROM renewal WHERE certificate_name LIKE ? ORDER BY accepted_at, id""",
                        prefix + "%")
                .stream()
                .map(Evidence::row).toList();
        var attempts = flow.query("""
                SELECT r.scm_name || ' ' || a.operation AS call, count(*) AS n FROM attempt a JOIN renewal r ON r.id = a.renewal
                 WHERE r.certificate_name LIKE ? GROUP BY 1""", prefix + "%").stream()
                .collect(Collectors.toMap(row -> (String) row.get("call"), row -> (Long) row.get("n")));
        long stray = (Long) flow.query("""
                SELECT count(*) AS n FROM renewal r JOIN renewal_key k ON k.renewal = r.id
                 WHERE r.ended_at IS NOT NULL OR coalesce(r.held_from, r.state) = 'PUSHING'""").get(0).get("n");
        return new Evidence(sent, flow.ledger().since(ledgerFrom), told, rows, new TreeMap<>(attempts),
                stray);
    }

    private static Row row(Map<String, Object> row) {
        return new Row((UUID) row.get("id"), (String) row.get("subject_key"), (Long) row.get("generation"),
                (Long) row.get("sequence"), (String) row.get("state"), (String) row.get("reason_code"),
                (String) row.get("scm_name"),
                (String) row.get("scm_certificate_id"), instant(row.get("accepted_at")), instant(row.get("ended_at")));
    }

    private static Instant instant(Object timestamp) {
        return timestamp == null ? null : ((Timestamp) timestamp).toInstant();
    }

    /** Every copy of every outcome event of a renewal, from a position of the topics on. */
    static Map<UUID, List<Told>> outcomes(TopicLog topics, int from) {
        var all = topics.all();
        var told = new LinkedHashMap<UUID, List<Told>>();
        for (Message message : all.subList(Math.min(from, all.size()), all.size())) {
            if (message.value() != null && message.json().hasNonNull("renewalId")) {
                var one = told(message);
                told.computeIfAbsent(one.renewal(), id -> new java.util.ArrayList<>()).add(one);
            }
        }
        return told;
    }

    private static Told told(Message message) {
        var json = message.json();
        return new Told(UUID.fromString(json.path("renewalId").asText()), json.path("round").asInt(), message.outcome(),
                message.headers().get("ce_id"), new String(message.value(), UTF_8), json.path("scm").path("name").asText(),
                json.path("scm").path("certificateId").asText(), message.at());
    }

    /** When each renewal had been told once; null if one never was. */
    Instant lastTold() {
        var last = Instant.MIN;
        for (var one : sent) {
            var first = told.getOrDefault(one.event().renewalId(), List.of()).stream().map(Told::at).min(Instant::compareTo);
            if (first.isEmpty()) {
                return null;
            }
            last = first.get().isAfter(last) ? first.get() : last;
        }
        return last;
    }

    /** Copies of outcome events beyond the first, and pushes beyond the first per target: allowed, and counted. */
    long repetitions() {
        var leaves = rows.stream().map(Row::scmName).collect(Collectors.toSet());
        long copies = rows.stream().mapToLong(row -> Math.max(0, told.getOrDefault(row.id(), List.of()).size() - 1L)).sum();
        var pushes = new HashMap<String, Long>();
        calls.stream().filter(call -> leaves.contains(call.certificateName()))
                .flatMap(call -> call.effects().stream().filter(effect -> !effect.target().isEmpty())
                        .map(effect -> call.certificateId() + effect.target()))
                .forEach(push -> pushes.merge(push, 1L, Long::sum));
        return copies + pushes.values().stream().mapToLong(n -> n - 1).sum();
    }
}
