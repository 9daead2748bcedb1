package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;

import org.junit.jupiter.api.Test;

class ApiRoutesTest {

    private final ApiRoutes routes = new ApiRoutes(Set.of(RenewalsResource.class, RenewalActionsResource.class,
            IntakeResource.class, OutboxResource.class, AccountsResource.class));

    @Test
    void a_path_knows_the_methods_of_all_resources_that_share_it() {
        assertThat(routes.methods("/v1/renewals")).containsExactly("GET", "HEAD", "POST");
        assertThat(routes.methods("/v1/renewals/1b0da683")).containsExactly("GET", "HEAD");
        assertThat(routes.methods("/v1/renewals/1b0da683/retry")).containsExactly("POST");
        assertThat(routes.methods("/v1/accounts/prod/pause")).containsExactly("POST");
        assertThat(routes.methods("/v1/outbox/parked")).containsExactly("GET", "HEAD");
        assertThat(routes.methods("/v1/outbox/1b0da683.1/send")).containsExactly("POST");
    }

    @Test
    void a_path_that_nobody_made_knows_none() {
        assertThat(routes.methods("/v1/renewals/1/2/3")).isEmpty();
        assertThat(routes.methods("/v1")).isEmpty();
    }
}
