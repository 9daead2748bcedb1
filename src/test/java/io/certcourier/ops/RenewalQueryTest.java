package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.UUID;

import jakarta.ws.rs.core.MultivaluedHashMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.certcourier.renewal.PageCursor;
import io.certcourier.renewal.RenewalFilter;

class RenewalQueryTest {

    private static MultivaluedHashMap<String, String> query(String... namesAndValues) {
        var query = new MultivaluedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            query.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return query;
    }

    private static Problem.Violation violationOf(String... namesAndValues) {
        var query = query(namesAndValues);
        return catchThrowableOfType(BadParameter.class, () -> RenewalQuery.read(query)).violation();
    }

    @Test
    void no_parameter_asks_for_the_newest_fifty() {
        RenewalFilter filter = RenewalQuery.read(query());

        assertThat(filter.limit()).isEqualTo(50);
        assertThat(filter.states()).isEmpty();
        assertThat(filter.outcomes()).isEmpty();
        assertThat(filter.after()).isNull();
        assertThat(filter.certificateName()).isNull();
    }

    @Test
    void every_parameter_reaches_the_filter() {
        var cursor = new PageCursor(Instant.parse("2026-11-24T03:15:02Z"), UUID.randomUUID());

        var filter = RenewalQuery.read(query("state", "HELD", "state", "PUSHING", "outcome", "PARTIAL", "certificateName",
                "shop/www.example.com", "account", "prod", "reasonCode", "TARGET_PERMISSION", "since",
                "2026-11-24T04:15:02+01:00", "until", "2026-11-25T00:00:00Z", "limit", "200", "cursor", cursor.encoded()));

        assertThat(filter.states()).containsExactlyInAnyOrder("HELD", "PUSHING");
        assertThat(filter.outcomes()).containsExactly("PARTIAL");
        assertThat(filter.certificateName()).isEqualTo("shop/www.example.com");
        assertThat(filter.account()).isEqualTo("prod");
        assertThat(filter.reasonCode()).isEqualTo("TARGET_PERMISSION");
        assertThat(filter.since()).isEqualTo("2026-11-24T03:15:02Z");
        assertThat(filter.until()).isEqualTo("2026-11-25T00:00:00Z");
        assertThat(filter.limit()).isEqualTo(200);
        assertThat(filter.after()).isEqualTo(cursor);
    }

    @Test
    void an_empty_field_of_a_form_asks_for_nothing() {
        var filter = RenewalQuery.read(query("account", "", "limit", "", "cursor", "", "since", ""));

        assertThat(filter.account()).isNull();
        assertThat(filter.limit()).isEqualTo(50);
    }

    @Test
    void an_unknown_state_is_answered_with_the_states_there_are() {
        var violation = violationOf("state", "DONE");

        assertThat(violation.parameter()).isEqualTo("state");
        assertThat(violation.allowed()).isEqualTo(RenewalFilter.stateNames());
    }

    @Test
    void an_open_state_is_no_outcome() {
        var violation = violationOf("outcome", "PUSHING");

        assertThat(violation.parameter()).isEqualTo("outcome");
        assertThat(violation.allowed()).isEqualTo(RenewalFilter.outcomeNames());
    }

    @ParameterizedTest
    @CsvSource({ "limit,0", "limit,201", "limit,-1", "limit,1e2", "limit,99999999999", "since,yesterday",
            "until,2026-11-24T03:15:02", "cursor,abc", "reasonCode,target_permission", "state,held",
            "account,a\u0000b", "certificateName,a\u0007b" })
    void a_value_that_says_nothing_is_refused_by_its_name(String name, String value) {
        var violation = violationOf(name, value);

        assertThat(violation.parameter()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = { "state", "outcome", "reasonCode", "since", "until", "limit", "cursor", "<b>" })
    void what_was_sent_is_not_repeated(String name) {
        var violation = violationOf(name, "<b>sent</b>");

        assertThat(violation.toString()).doesNotContain("<b>");
    }

    @Test
    void a_misspelt_parameter_does_not_list_everything() {
        var violation = violationOf("stat", "HELD");

        assertThat(violation.allowed()).contains("state");
    }

    @Test
    void a_parameter_that_can_have_one_value_is_not_given_two() {
        var violation = violationOf("account", "prod", "account", "test");

        assertThat(violation.parameter()).isEqualTo("account");
    }
}
