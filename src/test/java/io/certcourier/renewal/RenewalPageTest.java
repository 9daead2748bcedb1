package io.certcourier.renewal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class RenewalPageTest {

    private static List<RenewalView> rows(int count) {
        return IntStream.range(0, count).mapToObj(i -> {
            var row = StoredRows.aRenewal();
            row.acceptedAt = StoredRows.ACCEPTED.minusSeconds(i);
            return RenewalView.of(row);
        }).toList();
    }

    private static RenewalFilter filter(Set<String> states, Set<String> outcomes, int limit) {
        return new RenewalFilter(states, outcomes, null, null, null, null, null, limit, null);
    }

    @Test
    void a_row_too_many_means_another_page_that_begins_behind_the_last_one_shown() {
        var rows = rows(4);

        var page = RenewalPage.of(rows, 3);

        assertThat(page.renewals()).isEqualTo(rows.subList(0, 3));
        assertThat(page.next()).contains(new PageCursor(rows.get(2).acceptedAt(), rows.get(2).renewalId()));
    }

    @Test
    void a_page_that_is_just_full_is_the_last_one() {
        var page = RenewalPage.of(rows(3), 3);

        assertThat(page.renewals()).hasSize(3);
        assertThat(page.next()).isEmpty();
    }

    @Test
    void outcomes_are_the_states_that_nothing_follows() {
        assertThat(RenewalFilter.outcomeNames()).containsExactly("SUCCEEDED", "UNCHANGED", "PARTIAL", "FAILED", "REJECTED",
                "SUPERSEDED", "EXPIRED", "CANCELLED");
        assertThat(RenewalFilter.openStateNames()).containsExactly("READY", "IMPORTING", "RESOLVING", "CONFIRMING", "PUSHING",
                "QUEUED", "HELD");
        assertThat(RenewalFilter.stateNames()).containsAll(RenewalFilter.outcomeNames())
                .containsAll(RenewalFilter.openStateNames()).hasSize(15);
    }

    @Test
    void a_filter_refuses_what_no_row_can_be() {
        assertThatThrownBy(() -> filter(Set.of("READY"), Set.of("READY"), 50)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> filter(Set.of("ready"), Set.of(), 50)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> filter(Set.of(), Set.of(), 201)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> filter(Set.of(), Set.of(), 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
