package io.certcourier.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;

import org.junit.jupiter.api.Test;

class Rfc3339Test {

    @Test
    void the_last_moment_of_all_is_not_rounded_into_a_year_of_five_digits() {
        assertThat(Rfc3339.parse("9999-12-31T23:59:59.999999999Z")).contains(Instant.parse("9999-12-31T23:59:59.999999Z"));
    }

    @Test
    void a_leap_second_counts_as_the_second_before() {
        assertThat(Rfc3339.parse("2016-12-31T23:59:60Z")).contains(Instant.parse("2016-12-31T23:59:59Z"));
    }
}
