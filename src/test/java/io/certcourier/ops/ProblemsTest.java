package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import com.fasterxml.jackson.databind.ObjectMapper;

class ProblemsTest {

    private final Problems problems = new Problems(new ApiRoutes(Set.of(RenewalsResource.class)), () -> false);

    private Response refused(WebApplicationException failure) {
        return problems.refused(failure, "/v1/renewals");
    }

    private static Problem problemIn(Response response) {
        assertThat(response.getMediaType()).hasToString("application/problem+json");
        var problem = (Problem) response.getEntity();
        assertThat(problem.status()).isEqualTo(response.getStatus());
        return problem;
    }

    @Test
    void a_bad_parameter_is_named_with_what_it_can_be() {
        var failure = new BadParameter("state", "It must be one of the allowed values.", List.of("READY"));

        var problem = problemIn(problems.badParameter(failure));

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.type()).isEqualTo(URI.create("/problems/bad-parameter"));
        assertThat(problem.errors()).containsExactly(
                new Problem.Violation("state", "It must be one of the allowed values.", List.of("READY")));
    }

    @ParameterizedTest
    @EnumSource(value = Status.class, names = { "NOT_FOUND", "METHOD_NOT_ALLOWED", "NOT_ACCEPTABLE", "UNSUPPORTED_MEDIA_TYPE",
            "REQUEST_ENTITY_TOO_LARGE" })
    void what_is_refused_keeps_its_status_and_repeats_nothing(Status status) {
        var problem = problemIn(refused(new WebApplicationException("<script>", status)));

        assertThat(problem.status()).isEqualTo(status.getStatusCode());
        assertThat(problem.title()).isEqualTo(status.getReasonPhrase());
        assertThat(problem.toString()).doesNotContain("<script>");
    }

    @Test
    void a_method_that_the_path_does_not_know_is_answered_with_those_it_knows() {
        var response = refused(new NotAllowedException(Response.status(405).build()));

        assertThat(response.getHeaderString("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void a_redirect_is_no_problem() {
        var response = refused(new WebApplicationException(Response.seeOther(URI.create("/")).build()));

        assertThat(response.getStatus()).isEqualTo(303);
    }

    @Test
    void an_unexpected_failure_tells_only_where_to_look_for_it() {
        var problem = problemIn(problems.unexpected(new IllegalStateException("secret of the row")));

        assertThat(problem.status()).isEqualTo(500);
        assertThat(problem.instance().toString()).startsWith("urn:uuid:");
        assertThat(problem.toString()).doesNotContain("secret of the row");
    }

    @ParameterizedTest
    @EnumSource(AwayState.class)
    void a_database_that_is_away_is_worth_another_try(AwayState away) {
        var failure = new IllegalStateException(new SQLException("no", away.sqlState));

        var response = problems.unexpected(failure);

        assertThat(problemIn(response).status()).isEqualTo(503);
        assertThat(response.getHeaderString("Retry-After")).isEqualTo("5");
    }

    @Test
    void a_statement_that_the_database_refuses_is_a_bug() {
        var response = problems.unexpected(new IllegalStateException(new SQLException("no", "42703")));

        assertThat(problemIn(response).status()).isEqualTo(500);
    }

    @Test
    void while_the_schema_is_older_it_is_a_database_that_is_away() {
        var early = new Problems(new ApiRoutes(Set.of(RenewalsResource.class)), () -> true);

        assertThat(problemIn(early.unexpected(new IllegalStateException(new SQLException("no", "42P01")))).status())
                .isEqualTo(503);
    }

    @Test
    void absent_members_are_not_written() throws Exception {
        var json = new ObjectMapper().valueToTree(refused(new NotFoundException()).getEntity());

        assertThat(json.fieldNames()).toIterable().containsExactly("type", "title", "status", "detail");
    }

    private enum AwayState {
        CONNECTION("08006"),
        POOL_EMPTY(null),
        TOO_MANY_CONNECTIONS("53300"),
        SHUTTING_DOWN("57P01");

        private final String sqlState;

        AwayState(String sqlState) {
            this.sqlState = sqlState;
        }
    }
}
