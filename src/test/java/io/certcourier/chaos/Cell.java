package io.certcourier.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.certcourier.chaos.agent.StrikeOrder;

/** One fault and its story: settles, judges, reports, and leaves a trace of what was wrong. */
final class Cell {

    private static final Set<String> LATE_CALLS = Set.of("I6", "I7");

    private final Stage stage;
    private final String fault;
    private final int replicas;
    private final Story story;
    private final List<Violation> violations = new ArrayList<>();
    private final List<Violation> flagged = new ArrayList<>();
    private boolean pausing;

    Cell(Stage stage, String fault, int replicas) {
        this.stage = stage;
        this.fault = fault;
        this.replicas = replicas;
        this.story = new Story(stage.flow(), fault.split(" ")[0] + "-" + replicas);
    }

    Story story() {
        return story;
    }

    void add(List<Violation> more) {
        violations.addAll(more);
    }

    /** SCM takes no fencing token: a call that a paused process makes late is counted apart. */
    Cell withPauses() {
        pausing = true;
        return this;
    }

    /** Waits for the blow, and tells when it fell. */
    Instant awaitStrike(StrikeOrder order) {
        return awaitStrike(order, () -> story.sendFresh(1));
    }

    /** @param more sent after a while, because whoever is to be struck must first get work */
    Instant awaitStrike(StrikeOrder order, Runnable more) {
        for (int i = 0; i < 180 && order.struckAt().isEmpty(); i++) {
            if (i > (replicas > 1 ? 4 : 20)) {
                more.run();
            }
            Stage.during(Duration.ofMillis(500), () -> true);
        }
        return order.struckAt().orElseThrow(() -> new AssertionError(order.type() + "." + order.method() + " was not reached"));
    }

    /**
     * Waits until all has ended and checks every invariant.
     *
     * @param since when the fault struck, or ended where it lasts
     */
    void settle(Instant since) {
        settle(since, "SUCCEEDED");
    }

    /** @param outcomes that the renewals may end with */
    void settle(Instant since, String... outcomes) {
        story.awaitSettled();
        var evidence = story.evidence();
        for (var violation : Invariants.check(evidence)) {
            (pausing && LATE_CALLS.contains(violation.invariant()) ? flagged : violations).add(violation);
        }
        violations.addAll(Invariants.checkOutcomes(evidence, Set.of(outcomes)));
        violations.addAll(Offsets.checkNotAhead(stage.flow(), story.sent()));
        if (!violations.isEmpty() || !flagged.isEmpty()) {
            trace(evidence);
        }
        stage.report()
                .add(new Report.Cell(fault, replicas, story.sent().size(), violations, flagged.size(), evidence.repetitions(),
                        recovery(evidence, since)));
        assertThat(violations).as(fault + ", " + replicas + " replicas; see " + Stage.FOLDER + "/" + story.prefix() + ".trace")
                .isEmpty();
    }

    private static Duration recovery(Evidence evidence, Instant since) {
        var last = evidence.lastTold();
        if (last == null) {
            return null;
        }
        return last.isBefore(since) ? Duration.ZERO : Duration.between(since, last);
    }

    private void trace(Evidence evidence) {
        var text = new StringBuilder();
        violations.forEach(violation -> text.append(violation).append('\n'));
        flagged.forEach(violation -> text.append("flagged ").append(violation).append('\n'));
        text.append("\nrows\n");
        evidence.rows().forEach(row -> text.append(row).append('\n'));
        text.append("\nattempts\n");
        stage.flow()
                .query("""
                        SELECT a.* FROM attempt a LEFT JOIN renewal r ON r.id = a.renewal
                         WHERE r.certificate_name LIKE ? OR a.renewal IS NULL AND a.started_at >= (SELECT min(accepted_at) FROM renewal WHERE certificate_name LIKE ?)
                         ORDER BY a.id""",
                        story.prefix() + "%", story.prefix() + "%")
                .forEach(row -> text.append(row).append('\n'));
        text.append("\nledger\n");
        evidence.calls().forEach(call -> text.append(call).append('\n'));
        text.append("\noutcomes\n");
        text.append(evidence.told().values().stream().flatMap(List::stream).map(String::valueOf)
                .collect(Collectors.joining("\n")));
        try {
            Files.writeString(Stage.FOLDER.resolve(story.prefix() + ".trace"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
