package io.certcourier.flow;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.certcourier.flow.FlowPlatform.Started;
import io.certcourier.local.scm.Fault;
import io.certcourier.local.scm.FaultKind;
import io.certcourier.local.scm.Operation;
import io.certcourier.local.scm.Service;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;

/** What is where, and what must be looked after first. */
@QuarkusTest
@Execution(ExecutionMode.SAME_THREAD)
@QuarkusTestResource(FlowPlatform.class)
class CertificatesApiIT {

    @Started
    Flow flow;

    @AfterEach
    void heal() {
        flow.scm().faults().clear();
    }

    private void elbRefusesNext() {
        flow.scm().faults().add(Fault.of(FaultKind.STATUS).on(Operation.BATCH_PUSH).target(Service.ELB, null).times(1)
                .with("status", 400).with("code", "SCM.0201").with("message", "ELB error message: not wanted"));
    }

    private TestEvent delivery(String name, int sequence, int days) {
        var now = Instant.now();
        return TestEvent.of(name, Flow.CA.leaf(name).validity(now.minus(Duration.ofHours(1)),
                now.plus(Duration.ofDays(days)).plus(Duration.ofHours(1))).issue()).with("sequence", sequence);
    }

    private void deliver(TestEvent event, String outcome) {
        flow.send(event);
        assertThat(flow.topics().await(event.renewalId()).outcome()).isEqualTo(outcome);
    }

    private static ValidatableResponse certificate(String name) {
        return given().queryParam("certificateName", name).get("/v1/certificates").then().statusCode(200).body("", hasSize(1));
    }

    @Test
    void a_delivered_certificate_tells_what_each_target_has_and_for_how_long() {
        String name = Flow.freshName("deployed");
        var event = delivery(name, 1, 42);
        deliver(event, "SUCCEEDED");

        String answer = certificate(name).body("[0].attention", equalTo(false)).body("[0].daysLeft", equalTo(42))
                .body("[0].fingerprintSha256", equalTo(given().get("/v1/renewals/" + event.renewalId()).jsonPath()
                        .getString("certificate.fingerprintSha256")))
                .body("[0].scmCertificateId", notNullValue())
                .body("[0].lastRenewal.renewalId", equalTo(event.renewalId().toString()))
                .body("[0].lastRenewal.state", equalTo("SUCCEEDED"))
                .body("[0].targets.service", contains("CDN", "ELB", "WAF"))
                .body("[0].targets.reached", everyItem(equalTo("PUSHED")))
                .body("[0].targets.renewalId", everyItem(equalTo(event.renewalId().toString())))
                .extract().asString();

        assertThat(answer).doesNotContain("BEGIN");
    }

    @Test
    void a_target_that_was_missed_keeps_the_older_certificate_and_its_end_is_what_counts() {
        String name = Flow.freshName("halfway");
        var older = delivery(name, 1, 9);
        var newer = delivery(name, 2, 80);
        deliver(older, "SUCCEEDED");
        elbRefusesNext();
        deliver(newer, "PARTIAL");

        certificate(name).body("[0].attention", equalTo(true)).body("[0].daysLeft", equalTo(9))
                .body("[0].lastRenewal.state", equalTo("PARTIAL"))
                .body("[0].targets.find { it.service == 'ELB' }.renewalId", equalTo(older.renewalId().toString()))
                .body("[0].targets.find { it.service == 'ELB' }.state", equalTo("FAILED"))
                .body("[0].targets.find { it.service == 'ELB' }.reasonCode", equalTo("TARGET_REJECTED"))
                .body("[0].targets.find { it.service == 'CDN' }.renewalId", equalTo(newer.renewalId().toString()));
    }

    @Test
    void a_target_that_is_not_wanted_any_more_is_told_but_does_not_count() {
        String name = Flow.freshName("moved");
        deliver(delivery(name, 1, 5), "SUCCEEDED");
        deliver(delivery(name, 2, 70).with("targets", TestEvent.targets("CDN")), "SUCCEEDED");

        certificate(name).body("[0].daysLeft", equalTo(70)).body("[0].targets.wanted", contains(true, false, false));
    }

    @Test
    void a_refused_renewal_that_never_reached_a_target_says_what_it_does_not_know() {
        var refused = TestEvent.fresh("never").with("privateKeyPem", Flow.CA.issue("other.example.com").keyPem());
        deliver(refused, "REJECTED");

        certificate(refused.certificateName()).body("[0].attention", equalTo(true)).body("[0].expiresAt", nullValue())
                .body("[0].daysLeft", nullValue()).body("[0].fingerprintSha256", nullValue())
                .body("[0].lastRenewal.reasonCode", equalTo("KEY_MISMATCH"))
                .body("[0].targets.reached", everyItem(equalTo("NONE")));
    }

    @Test
    void an_older_certificate_that_came_late_is_not_the_last_renewal() {
        String name = Flow.freshName("late");
        var newer = delivery(name, 2, 60);
        deliver(newer, "SUCCEEDED");
        deliver(delivery(name, 1, 30), "SUPERSEDED");

        certificate(name).body("[0].lastRenewal.renewalId", equalTo(newer.renewalId().toString()));
    }

    @Test
    void failed_ones_that_expire_soon_come_first_and_pages_show_each_once() {
        var fine = delivery(Flow.freshName("order-fine"), 1, 3);
        var soon = delivery(Flow.freshName("order-soon"), 1, 4);
        var later = delivery(Flow.freshName("order-later"), 1, 50);
        deliver(fine, "SUCCEEDED");
        for (var event : List.of(later, soon)) {
            elbRefusesNext();
            deliver(event, "PARTIAL");
        }

        var seen = new ArrayList<String>();
        String page = "/v1/certificates?limit=2&expiresBefore=" + Instant.now().plus(Duration.ofDays(52));
        while (page != null) {
            var response = given().urlEncodingEnabled(false).get(page).then().statusCode(200).body("", not(hasSize(0)))
                    .extract();
            seen.addAll(response.jsonPath().getList("certificateName", String.class));
            page = Links.next(response.header("Link"));
        }

        assertThat(seen).doesNotHaveDuplicates().containsSubsequence(soon.certificateName(), later.certificateName(),
                fine.certificateName());
    }

    @Test
    void filters_select_and_what_cannot_be_answered_is_a_problem() {
        var event = delivery(Flow.freshName("chosen"), 1, 20);
        deliver(event, "SUCCEEDED");

        given().queryParam("expiresBefore", Instant.now().plus(Duration.ofDays(10)).toString())
                .queryParam("certificateName", event.certificateName()).get("/v1/certificates").then().body("", hasSize(0));
        given().queryParam("account", "default").queryParam("limit", 200).get("/v1/certificates").then()
                .body("certificateName", hasItem(event.certificateName())).body("account", everyItem(equalTo("default")));
        for (String query : List.of("cursor=abc", "limit=201", "expiresBefore=soon", "state=FAILED")) {
            given().get("/v1/certificates?" + query).then().statusCode(400).contentType("application/problem+json");
        }
    }
}
