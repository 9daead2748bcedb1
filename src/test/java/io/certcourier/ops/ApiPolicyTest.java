package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiPolicyTest {

    @ParameterizedTest
    @CsvSource({ "GET, /v1/renewals, viewer", "GET, /v1/renewals/1, viewer", "GET, /v1/audit, viewer",
            "GET, /v1/accounts, viewer", "GET, /openapi, producer", "GET, /v1/recipient-keys, producer",
            "POST, /v1/renewals, producer", "POST, /v1/renewals/1/retry, operator", "POST, /v1/renewals/1/cancel, operator",
            "POST, /v1/renewals/1/resolve, admin", "POST, /v1/accounts/prod/pause, admin" })
    void a_role_may(String method, String path, String role) {
        assertThat(ApiPolicy.rolesFor(method, path)).contains(role);
    }

    @ParameterizedTest
    @CsvSource({ "POST, /v1/renewals/1/retry, viewer", "POST, /v1/renewals/1/resolve, operator",
            "POST, /v1/accounts/prod/resume, operator", "POST, /v1/renewals, admin", "GET, /v1/renewals, producer",
            "GET, /v1/audit, producer" })
    void a_role_may_not(String method, String path, String role) {
        assertThat(ApiPolicy.rolesFor(method, path)).doesNotContain(role);
    }

    /** What a router may take for the same route. */
    @ParameterizedTest
    @CsvSource({ "DELETE, /v1/renewals/1", "GET, /v1/new-route", "GET, /v2/renewals", "POST, /v1/renewals/1/retry;a=b",
            "POST, /v1/renewals/1/retry/", "get, /v1/renewals", "GET, /V1/renewals", "GET, /v1/renewals/1/2/3" })
    void what_no_line_names_is_for_admins(String method, String path) {
        assertThat(ApiPolicy.rolesFor(method, path)).containsExactly("admin");
    }
}
