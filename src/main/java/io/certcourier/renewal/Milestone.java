package io.certcourier.renewal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.certcourier.renewal.RenewalDetail.TargetView;

/**
 * A moment in the life of a renewal, in its present round.
 *
 * @param event accepted, started, confirmed, reached or ended
 * @param what the target reached, or the outcome; absent otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Milestone(Instant at, String event, String what) {

    /** Oldest first; what has not happened is left out. */
    static List<Milestone> of(StoredRenewal row, List<TargetView> targets) {
        var moments = new ArrayList<Milestone>();
        moments.add(new Milestone(row.acceptedAt, "accepted", null));
        moments.add(new Milestone(row.startedAt, "started", null));
        moments.add(new Milestone(row.confirmedAt, "confirmed", null));
        for (var target : targets) {
            moments.add(new Milestone(target.reachedAt(), "reached",
                    target.project() == null ? target.service() : target.service() + "@" + target.project()));
        }
        moments.add(new Milestone(row.endedAt, "ended", row.state));
        // stable: what one transaction did at once keeps the order above
        return moments.stream().filter(moment -> moment.at != null).sorted(Comparator.comparing(Milestone::at)).toList();
    }
}
