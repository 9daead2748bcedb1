package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.flow.FlowPlatform.Started;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** What people and probes see. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class RenewalsApiIT {

    @Started
    Flow flow;

    private static String management(String path) {
        return "http://127.0.0.1:"
                + org.eclipse.microprofile.config.ConfigProvider.getConfig().getValue("quarkus.management.test-port", int.class)
                + path;
    }

    @Test
    void a_delivered_renewal_tells_its_targets_calls_and_timeline_and_no_key() {
        var event = TestEvent.fresh("api");
        flow.send(event);
        flow.topics().await(event.renewalId());

        var answer = given().get("/v1/renewals/{id}", event.renewalId()).then().statusCode(200)
                .header("ETag", matchesPattern("\"\\d+\""))
                .body("renewalId", equalTo(event.renewalId().toString())).body("state", equalTo("SUCCEEDED"))
                .body("scm.certificateId", notNullValue()).body("targets.reached", contains("PUSHED", "PUSHED", "PUSHED"))
                .body("attempts.operation", hasItem("import")).body("attempts.outcome", everyItem(equalTo("OK")))
                .body("attempts.requestId", everyItem(matchesPattern("[0-9a-f]{32}"))).body("timeline", not(hasSize(0)))
                .extract().asString();

        assertThat(answer).doesNotContain("PRIVATE KEY").doesNotContain("BEGIN CERTIFICATE");
    }

    @Test
    void pages_lead_through_all_renewals_of_a_filter_each_once() {
        String name = Flow.freshName("paged");
        var sent = new ArrayList<String>();
        for (int i = 0; i < 4; i++) {
            var event = TestEvent.of(name, Flow.CA.issue(name)).with("sequence", i);
            sent.add(0, event.renewalId().toString());
            flow.send(event);
            flow.topics().await(event.renewalId());
        }

        var seen = new ArrayList<String>();
        String page = "/v1/renewals?limit=1&certificateName=" + name;
        while (page != null) {
            var response = given().get(page).then().statusCode(200).extract();
            seen.addAll(response.jsonPath().getList("renewalId", String.class));
            page = Links.next(response.header("Link"));
        }

        assertThat(seen).isEqualTo(sent);
    }

    @Test
    void filters_select_by_outcome_and_reason() {
        var refused = TestEvent.fresh("filtered").with("account", "nobody");
        flow.send(refused);
        flow.topics().await(refused.renewalId());

        given().queryParam("outcome", "REJECTED").queryParam("reasonCode", "ACCOUNT_UNKNOWN")
                .queryParam("certificateName", refused.certificateName())
                .get("/v1/renewals").then().statusCode(200).body("renewalId", equalTo(List.of(refused.renewalId().toString())));
        given().queryParam("outcome", "SUCCEEDED").queryParam("certificateName", refused.certificateName()).get("/v1/renewals")
                .then().statusCode(200)
                .body("", hasSize(0));
    }

    @Test
    void what_cannot_be_answered_is_a_problem_that_says_why() {
        given().get("/v1/renewals/00000000-0000-8000-8000-000000000000").then().statusCode(404)
                .contentType("application/problem+json")
                .body("status", equalTo(404));
        given().get("/v1/renewals?state=LOST").then().statusCode(400).contentType("application/problem+json").body("title",
                notNullValue());
        given().get("/v1/renewals?cursor=%3Cscript%3E").then().statusCode(400).contentType("application/problem+json");
        given().get("/v1/renewals?limit=100000").then().statusCode(400);
        given().get("/v1/nothing").then().statusCode(404).contentType("application/problem+json");
        given().delete("/v1/renewals").then().statusCode(405).contentType("application/problem+json");
    }

    @Test
    void the_api_is_described() {
        given().accept("application/json").get("/openapi?format=json").then().statusCode(200).body("paths", notNullValue())
                .body("paths.'/v1/renewals'.get.operationId", equalTo("listRenewals"));
    }

    @Test
    void the_management_port_tells_which_build_runs_and_nothing_else() {
        given().get(management("/q/info")).then().statusCode(200)
                .body("build.version", equalTo("0.1.0"))
                .body("build.revision", equalTo("unknown")).body("size()", equalTo(1));
        given().get("/q/info").then().statusCode(404);
    }

    @Test
    void probes_are_up_and_only_on_the_management_port() {
        for (String probe : List.of("started", "ready", "live")) {
            given().get(management("/q/health/" + probe)).then().statusCode(200).body("status", equalTo("UP"));
        }
        given().get("/q/health/ready").then().statusCode(404);
        given().get("/q/metrics").then().statusCode(404);
    }

    @Test
    void a_delivery_moves_the_counters_that_existed_before() {
        String series = "certcourier_renewals_completed_total{account=\"default\",outcome=\"SUCCEEDED\"";
        double before = value(series);
        var event = TestEvent.fresh("metrics");

        flow.send(event);
        flow.topics().await(event.renewalId());

        org.awaitility.Awaitility.await().atMost(Flow.PATIENCE).until(() -> value(series) >= before + 1);
        assertThat(value("certcourier_renewals_completed_total{account=\"fragile\",outcome=\"EXPIRED\""))
                .as("exists before it happens").isZero();
    }

    private static double value(String series) {
        return given().get(management("/q/metrics")).then().statusCode(200).extract().asString().lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).findFirst().orElseThrow();
    }
}
