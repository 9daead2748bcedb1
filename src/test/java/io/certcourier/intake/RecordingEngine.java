package io.certcourier.intake;

import java.util.ArrayList;
import java.util.List;

import org.jdbi.v3.core.Handle;

import io.certcourier.outcome.Cause;
import io.certcourier.outcome.DeadLetter;
import io.certcourier.outcome.Outcome;
import io.certcourier.renewal.Acceptance;
import io.certcourier.renewal.Acceptance.Verdict;
import io.certcourier.renewal.RenewalRequest;

/**
 * Stands where renewals and outcomes are, and keeps what it is given, also in tables, so that it rolls back as they do. Takes
 * offence at the certificate names {@code poison} (in the database) and {@code bug} (in Java).
 */
final class RecordingEngine {

    static final String TABLES = "CREATE TABLE accepted (id uuid PRIMARY KEY, content bytea); CREATE TABLE told (id text PRIMARY KEY)";

    final List<RenewalRequest> requests = new ArrayList<>();
    final List<DeadLetter> letters = new ArrayList<>();
    final List<Outcome.DeliveryFailed> outcomes = new ArrayList<>();

    List<Acceptance> accept(Handle tx, List<RenewalRequest> asked) {
        requests.addAll(asked);
        return asked.stream().map(request -> accept(tx, request)).toList();
    }

    private static Acceptance accept(Handle tx, RenewalRequest request) {
        switch (request.certificateName()) {
            case "poison" -> tx.execute("SELECT 1 / 0");
            case "bug" -> throw new NullPointerException();
            default -> {
            }
        }
        int inserted = tx.execute("INSERT INTO accepted VALUES (?, ?) ON CONFLICT DO NOTHING", request.id(),
                request.payloadHash());
        boolean same = tx.select("SELECT content = ? FROM accepted WHERE id = ?", request.payloadHash(), request.id())
                .mapTo(boolean.class).one();
        Verdict verdict = inserted == 1 ? Verdict.STORED : same ? Verdict.DUPLICATE : Verdict.CONFLICT;
        return new Acceptance(request.id(), 1, verdict, request.rejection() == null ? "READY" : "REJECTED");
    }

    void outcome(Handle tx, Outcome outcome, Cause cause) {
        outcomes.add((Outcome.DeliveryFailed) outcome);
        tx.execute("INSERT INTO told VALUES (?)", ((Outcome.DeliveryFailed) outcome).refusalId().toString());
    }

    void letter(Handle tx, DeadLetter letter) {
        letters.add(letter);
        tx.execute("INSERT INTO told VALUES (?)", "dlq-" + letter.outcomeId());
    }
}
