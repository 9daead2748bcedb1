package io.certcourier.chaos;

import java.nio.file.Path;

import io.certcourier.chaos.agent.StrikeOrder;
import io.certcourier.chaos.agent.StrikeOrder.Blow;

/**
 * Instructions between the commit points C1 to C5 and L1, L2 at which the service may die; the labels F4 to F24 are those of
 * the table in docs/reliability.md. Named by method, because the service has no hooks: a renamed method fails its cell.
 */
enum FaultPoint {
    F1("after poll, before C1", "intake.IntakeTransaction", "store", 1, true),
    F2("inside C1, before COMMIT", "intake.IntakeTransaction", "storeAll", 2, false),
    F3("after C1, before the acknowledgement", "intake.IntakeTransaction", "store", 1, false),
    F5("after C2, before the import", "renewal.RenewalSaga", "importCertificate", 2, true),
    F5B("after C2, before the pushes", "renewal.PushCalls", "make", 1, true),
    F8("import answered, before C3", "renewal.RenewalSaga", "importCertificate", 2, false),
    F9("inside C3, before COMMIT", "renewal.StepWrites", "goOn", 3, false),
    F10("after C3", "renewal.RenewalStore", "save", 2, false),
    F11("after the first of the pushes", "renewal.PushCalls", "make", 2, false),
    F12("after the last push, before C4", "renewal.PushCalls", "make", 1, false),
    F13("inside C4, before COMMIT", "renewal.Endings", "endOwn", 5, false),
    F15("after C4, before the outcome is produced", "outcome.OutcomeChannels", "send", 1, true),
    F16("outcome produced, before C5", "outcome.Outbox", "sent", 1, true),
    F17("after C5", "outcome.Outbox", "sent", 1, false),
    F18("inside a superseding C1", "renewal.Endings", "endIdle", 6, false),
    F22("after L1, before the list call", "renewal.Confirmation", "look", 1, true),
    F23("list answered, before L2", "renewal.Looks", "apply", 4, true),
    F24("inside L2, before COMMIT", "renewal.Looks", "confirm", 3, false);

    private static final String BASE = "io.certcourier.";

    private final String where;
    private final String type;
    private final String method;
    private final int parameters;
    private final boolean atEntry;

    FaultPoint(String where, String type, String method, int parameters, boolean atEntry) {
        this.where = where;
        this.type = type;
        this.method = method;
        this.parameters = parameters;
        this.atEntry = atEntry;
    }

    String label() {
        return name() + " " + where;
    }

    StrikeOrder order(Blow blow, int nth, Path mark) {
        return new StrikeOrder(BASE + type, method, parameters, atEntry, "", blow, nth, mark);
    }

    /** F14: the answer of a COMMIT is lost that a method of this class has sent. */
    static StrikeOrder lostCommit(String within, int nth, Path mark) {
        return new StrikeOrder("org.postgresql.jdbc.PgConnection", "commit", 0, false, BASE + within, Blow.LOST_CONNECTION, nth,
                mark);
    }
}
