package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiPolicyTest {

    @ParameterizedTest
    @CsvSource({ "GET, /v1/renewals, viewer", "GET, /v1/renewals/1, viewer", "GET, /v1/audit, viewer",
            "GET, /v1/accounts, viewer", "HEAD, /v1/renewals/1, viewer", "GET, /openapi, producer",
            "GET, /v1/recipient-keys, producer",
            "POST, /v1/renewals, producer", "POST, /v1/renewals/1/retry, operator", "POST, /v1/renewals/1/cancel, operator",
            "POST, /v1/renewals/1/resolve, admin", "POST, /v1/accounts/prod/pause, admin" })
    void a_role_may(String method, String path, String role) {
        assertThat(ApiPolicy.rolesFor(method, path)).contains(role);
    }

    @ParameterizedTest
    @CsvSource({ "POST, /v1/renewals/1/retry, viewer", "POST, /v1/renewals/1/resolve, operator",
            "POST, /v1/accounts/prod/resume, operator", "POST, /v1/renewals, admin", "GET, /v1/renewals, producer",
            "GET, /v1/audit, producer", "HEAD, /v1/audit, producer", "HEAD, /v1/new-route, viewer" })
    void a_role_may_not(String method, String path, String role) {
        assertThat(ApiPolicy.rolesFor(method, path)).doesNotContain(role);
    }

    @ParameterizedTest
    @ValueSource(strings = { "/v1/renewals", "/v1/renewals/1", "/v1/recipient-keys", "/v1/outbox/parked", "/openapi",
            "/v1/new-route", "/v1/plans" })
    void who_may_read_may_ask_for_the_head(String path) {
        assertThat(ApiPolicy.rolesFor("HEAD", path)).isEqualTo(ApiPolicy.rolesFor("GET", path));
    }

    /** What a router may take for the same route. */
    @ParameterizedTest
    @CsvSource({ "DELETE, /v1/renewals/1", "GET, /v1/new-route", "GET, /v2/renewals", "POST, /v1/renewals/1/retry;a=b",
            "POST, /v1/renewals/1/retry/", "get, /v1/renewals", "GET, /V1/renewals", "GET, /v1/renewals/1/2/3" })
    void what_no_line_names_is_for_admins(String method, String path) {
        assertThat(ApiPolicy.rolesFor(method, path)).containsExactly("admin");
    }
}
