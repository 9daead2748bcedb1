package io.certcourier.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import io.certcourier.renewal.Superseding.Order;

class SupersedingTest {

    private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FEBRUARY = Instant.parse("2026-02-01T00:00:00Z");
    private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");

    @Test
    void the_greater_sequence_is_newer_whatever_the_certificates_say() {
        var earlier = new Order(8L, JANUARY, FEBRUARY, JANUARY);
        var newcomer = new Order(7L, FEBRUARY, MARCH, MARCH);

        assertThat(Superseding.isNewer(earlier, newcomer)).isTrue();
        assertThat(Superseding.isNewer(newcomer, earlier)).isFalse();
    }

    @Test
    void a_sequence_counts_only_if_both_have_one() {
        var earlier = new Order(8L, JANUARY, MARCH, JANUARY);
        var newcomer = new Order(null, FEBRUARY, MARCH, JANUARY);

        assertThat(Superseding.isNewer(earlier, newcomer)).isFalse();
        assertThat(Superseding.isNewer(newcomer, earlier)).isTrue();
    }

    @Test
    void equal_sequences_are_settled_by_the_certificate() {
        assertThat(Superseding.isNewer(new Order(7L, FEBRUARY, MARCH, JANUARY), new Order(7L, JANUARY, MARCH, JANUARY)))
                .isTrue();
    }

    @Test
    void the_later_start_of_validity_is_newer_then_the_later_end_then_the_later_event() {
        assertThat(Superseding.isNewer(new Order(null, FEBRUARY, FEBRUARY, JANUARY), new Order(null, JANUARY, MARCH, MARCH)))
                .isTrue();
        assertThat(Superseding.isNewer(new Order(null, JANUARY, MARCH, JANUARY), new Order(null, JANUARY, FEBRUARY, MARCH)))
                .isTrue();
        assertThat(Superseding.isNewer(new Order(null, JANUARY, MARCH, MARCH), new Order(null, JANUARY, MARCH, FEBRUARY)))
                .isTrue();
    }

    @Test
    void equal_ones_keep_the_order_of_acceptance() {
        var order = new Order(7L, JANUARY, MARCH, FEBRUARY);

        assertThat(Superseding.isNewer(order, order)).isFalse();
    }
}
