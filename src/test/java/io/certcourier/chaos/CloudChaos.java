package io.certcourier.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.certcourier.flow.TestEvent;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;
import io.certcourier.local.scm.Operation;
import io.certcourier.local.scm.Service;

/** SCM misbehaves in every way that the emulator knows. */
@ExtendWith(StageExtension.class)
class CloudChaos {

    private static final int RENEWALS = 6;

    @Test
    void nothing_goes_wrong(Stage stage) {
        stage.startUpTo(1);
        var cell = new Cell(stage, "none", 1);
        var since = Instant.now();
        cell.story().sendFresh(2 * RENEWALS);
        cell.story().awaitSettled();

        cell.add(Invariants.checkCost(cell.story().evidence()));

        cell.settle(since);
    }

    static Stream<Fault> singleFaults() {
        var faults = new ArrayList<Fault>();
        for (var operation : List.of(Operation.IMPORT, Operation.BATCH_PUSH, Operation.PUSH)) {
            for (int status : new int[] { 500, 502, 503 }) {
                faults.add(Fault.of(FaultKind.STATUS).on(operation).with("status", status).with("body", "empty"));
                faults.add(Fault.of(FaultKind.STATUS).on(operation).with("status", status).with("after-effect", true));
            }
            for (var kind : List.of(FaultKind.RESET_BEFORE, FaultKind.NEVER_ANSWER, FaultKind.LOST_HANG, FaultKind.LOST_RESET,
                    FaultKind.TRUNCATED_JSON, FaultKind.MALFORMED_JSON, FaultKind.WRONG_CONTENT_TYPE,
                    FaultKind.MISSING_CONTENT_TYPE, FaultKind.SLOW_BYTES)) {
                faults.add(Fault.of(kind).on(operation));
            }
            faults.add(Fault.of(FaultKind.HTML_200).on(operation));
            faults.add(Fault.of(FaultKind.HTML_200).on(operation).with("after-effect", true));
        }
        faults.add(Fault.of(FaultKind.IMPORT_WITHOUT_ID));
        faults.add(Fault.of(FaultKind.BATCH_ITEM_FAILED));
        faults.add(Fault.of(FaultKind.BATCH_ITEM_MISSING));
        return faults.stream();
    }

    /** Each renewal has its own fault; all at once, because a lost import takes a minute to be sure of. */
    @Test
    void each_fault_of_a_call_strikes_one_renewal(Stage stage) {
        stage.startUpTo(1);
        var cells = new ArrayList<Cell>();
        singleFaults().forEach(fault -> {
            var cell = new Cell(stage, "scm " + word(fault), 1);
            var event = TestEvent.fresh(cell.story().prefix());
            stage.flow().scm().faults().add(fault.certificate(ScmNames.of(event)));
            cells.add(cell);
            cell.story().send(event);
        });
        var since = Instant.now();

        Cells.settleAll(cells, since);
    }

    private static String word(Fault fault) {
        boolean done = Boolean.TRUE.equals(fault.options().get("after-effect"));
        var status = fault.options().get("status");
        return fault.kind().label() + (status == null ? "" : " " + status) + " on " + fault.operation().label()
                + (done ? ", done" : "");
    }

    @ParameterizedTest
    @EnumSource(names = { "LIST_LAG", "LIST_EMPTY", "LIST_ENDLESS", "LIST_REPEATED", "LIST_WRONG_TOTAL" })
    void a_list_that_is_wrong_is_looked_at_again(FaultKind kind, Stage stage) {
        stage.startUpTo(1);
        var cell = new Cell(stage, "scm " + kind.label(), 1);
        stage.flow().scm().faults().add(Fault.of(kind).times(2));
        var since = Instant.now();

        cell.story().sendFresh(RENEWALS);

        cell.settle(since);
    }

    static Stream<Arguments> listFaults() {
        return Stream.of(Fault.of(FaultKind.STATUS).with("status", 503), Fault.of(FaultKind.HTML_200),
                Fault.of(FaultKind.NEVER_ANSWER), Fault.of(FaultKind.LOST_RESET), Fault.of(FaultKind.TRUNCATED_JSON),
                Fault.of(FaultKind.MALFORMED_JSON)).map(fault -> Arguments.of(fault.on(Operation.LIST).times(2)));
    }

    @ParameterizedTest
    @MethodSource("listFaults")
    void a_list_that_does_not_answer_counts_for_nothing(Fault fault, Stage stage) {
        stage.startUpTo(1);
        var cell = new Cell(stage, "scm " + word(fault), 1);
        stage.flow().scm().faults().add(fault);
        var since = Instant.now();

        cell.story().sendFresh(RENEWALS);

        cell.settle(since);
    }

    @Test
    void nobody_accepts_connections_for_ten_seconds(Stage stage) {
        stage.startUpTo(1);
        var cell = new Cell(stage, "scm refuses connections for 10 s", 1);
        stage.flow().scm().faults().add(Fault.of(FaultKind.REFUSE_CONNECTIONS).nth(5).with("millis", 10_000));
        var since = Instant.now();

        cell.story().sendFresh(RENEWALS);

        cell.settle(since);
    }

    @Test
    void throttled_calls_wait(Stage stage) {
        stage.startUpTo(1);
        var cell = new Cell(stage, "scm 429 with Retry-After", 1);
        stage.flow().scm().faults().add(Fault.of(FaultKind.THROTTLED).on(Operation.IMPORT).nth(2).with("retry-after", "3"),
                Fault.of(FaultKind.THROTTLED).target(Service.ELB, null).nth(2).with("retry-after", "3"));
        var since = Instant.now();

        cell.story().sendFresh(RENEWALS);

        cell.settle(since);
        restoreBudget(stage);
    }

    private static void restoreBudget(Stage stage) {
        stage.flow()
                .update("""
                        UPDATE rate_bucket SET per_minute = configured * 60 / 61, burst = configured / 40, lowered_at = NULL, blocked_until = '-infinity'""");
    }

    /** The account's breaker opens; the probe, ten minutes later, is brought forward. */
    @Test
    void an_account_that_is_denied_holds_its_renewals(Stage stage) {
        stage.startUpTo(1);
        var cell = new Cell(stage, "scm 401, then healed", 1);
        stage.flow().scm().faults().add(Fault.of(FaultKind.DENIED).on(Operation.IMPORT).times(0));
        cell.story().sendFresh(RENEWALS);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(
                () -> !stage.flow().query("SELECT 1 FROM account WHERE account = 'default' AND breaker = 'OPEN'").isEmpty());

        stage.flow().scm().faults().clear();
        stage.flow().update("UPDATE account SET probe_at = now() WHERE account = 'default'");

        cell.settle(Instant.now());
    }

    /** The list shows the newest 150 at most, so that a certificate which is not there is hard to tell. */
    @Test
    void an_import_that_was_never_made_is_repeated_in_a_large_account(Stage stage) {
        stage.startUpTo(1);
        new Cell(stage, "none, 160 certificates", 1).story().sendFresh(160).awaitSettled();
        var cell = new Cell(stage, "scm reset before an import, 160 certificates in the account", 1);
        stage.flow().scm().faults().add(Fault.of(FaultKind.RESET_BEFORE).on(Operation.IMPORT));
        var since = Instant.now();

        cell.story().sendFresh(RENEWALS);

        cell.settle(since);
    }

    @Test
    void a_certificate_that_vanishes_from_scm_ends_its_renewal(Stage stage) {
        stage.startUpTo(1);
        var cell = new Cell(stage, "scm certificate deleted before a push", 1);
        stage.flow().scm().faults().add(Fault.of(FaultKind.CERTIFICATE_DELETED).on(Operation.BATCH_PUSH).times(2));
        var since = Instant.now();

        cell.story().sendFresh(RENEWALS);

        cell.settle(since, "SUCCEEDED", "FAILED", "PARTIAL");
    }
}
