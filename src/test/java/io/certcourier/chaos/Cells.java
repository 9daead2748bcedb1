package io.certcourier.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Cells that run at the same time. */
final class Cells {

    private Cells() {
    }

    /** Judges all, also behind one that fails. */
    static void settleAll(List<Cell> cells, Instant since) {
        var failures = new ArrayList<String>();
        for (var cell : cells) {
            try {
                cell.settle(since);
            } catch (AssertionError e) {
                failures.add(e.getMessage());
            }
        }
        assertThat(failures).isEmpty();
    }
}
