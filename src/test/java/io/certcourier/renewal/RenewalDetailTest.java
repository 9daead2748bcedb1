package io.certcourier.renewal;

import static io.certcourier.renewal.StoredRows.ACCEPTED;
import static io.certcourier.renewal.StoredRows.INFINITY;
import static io.certcourier.renewal.StoredRows.aRenewal;
import static io.certcourier.renewal.StoredRows.aTarget;
import static io.certcourier.renewal.StoredRows.anAttempt;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

class RenewalDetailTest {

    private static RenewalDetail detailOf(StoredRenewal row, StoredTarget... targets) {
        return RenewalDetail.of(row, List.of(targets), List.of());
    }

    @Test
    void tells_how_far_each_target_got() {
        var elb = aTarget("ELB", "cn-north-4", "PUSHED");
        elb.doneAt = ACCEPTED.plusSeconds(3);
        elb.unknowns = 1;
        var cdn = aTarget("CDN", "", "RETRY");
        cdn.failure = "{\"phase\":\"PUSH\",\"reasonCode\":\"TARGET_FAILED\",\"retryable\":true,\"remedy\":\"RETRY_LATER\"}";

        var targets = detailOf(aRenewal(), cdn, elb).targets();

        assertThat(targets.get(0).project()).isNull();
        assertThat(targets.get(0).reached()).isEqualTo("NONE");
        assertThat(targets.get(0).reachedAt()).isNull();
        assertThat(targets.get(0).failure().remedy()).isEqualTo("RETRY_LATER");
        assertThat(targets.get(1).reached()).isEqualTo("PUSHED");
        assertThat(targets.get(1).reachedAt()).isEqualTo(ACCEPTED.plusSeconds(3));
        assertThat(targets.get(1).secondCopyPossible()).isTrue();
    }

    @Test
    void a_target_that_had_the_certificate_before_counts_as_reached() {
        var detail = detailOf(aRenewal(), aTarget("CDN", "", "PRESENT"));

        assertThat(detail.targets().get(0).reached()).isEqualTo("PUSHED");
    }

    @Test
    void the_timeline_is_in_order_and_leaves_out_what_has_not_happened() {
        var row = aRenewal();
        row.state = "SUCCEEDED";
        row.endedAt = ACCEPTED.plusSeconds(3);
        var elb = aTarget("ELB", "cn-north-4", "PUSHED");
        elb.doneAt = row.endedAt;

        var timeline = detailOf(row, elb, aTarget("CDN", "", "SKIPPED")).timeline();

        assertThat(timeline).extracting(Milestone::event)
                .containsExactly("accepted", "started", "confirmed", "reached", "ended");
        assertThat(timeline).extracting(Milestone::what)
                .containsExactly(null, null, null, "ELB@cn-north-4", "SUCCEEDED");
    }

    @Test
    void calls_are_told_oldest_first_and_without_an_end_while_nobody_knows_it() {
        var answered = anAttempt(7);
        answered.endedAt = answered.startedAt.plusMillis(250);
        answered.projects = new String[] { "cn-north-4", "cn-east-3" };
        var open = anAttempt(8);

        var attempts = RenewalDetail.of(aRenewal(), List.of(), List.of(open, answered)).attempts();

        assertThat(attempts).extracting(RenewalDetail.Attempt::durationMs).containsExactly(250L, null);
        assertThat(attempts.get(0).projects()).containsExactly("cn-north-4", "cn-east-3");
        assertThat(attempts.get(1).projects()).isNull();
    }

    @Test
    void a_reason_stored_without_its_failure_still_brings_the_remedy() {
        var row = aRenewal();
        row.state = "RESOLVING";
        row.reasonCode = "IMPORT_OUTCOME_UNKNOWN";
        row.failure = "{\"reasonCode\":\"PROVIDER_THROTTLED\",\"remedy\":\"RETRY_LATER\",\"retryable\":true}";

        var failure = detailOf(row).failure();

        assertThat(failure.reasonCode()).isEqualTo("IMPORT_OUTCOME_UNKNOWN");
        assertThat(failure.remedy()).isEqualTo("OPERATOR_DECISION");
        assertThat(failure.phase()).isEqualTo("RESOLVE");
    }

    @Test
    void a_reason_of_a_newer_release_shows_what_was_stored() {
        var row = aRenewal();
        row.reasonCode = "FROM_THE_FUTURE";
        row.failure = "{\"reasonCode\":\"FROM_THE_FUTURE\",\"remedy\":\"WAIT\",\"retryable\":true}";

        var failure = detailOf(row).failure();

        assertThat(failure.remedy()).isEqualTo("WAIT");
    }

    @Test
    void scm_is_absent_until_it_has_the_certificate() {
        var row = aRenewal();
        row.state = "READY";
        row.scmCertificateId = null;
        row.imported = null;

        assertThat(detailOf(row).scm()).isNull();
    }

    @Test
    void the_next_try_is_told_only_if_there_is_a_time_for_it() {
        var backingOff = aRenewal();
        var leased = aRenewal();
        leased.leaseOwner = "1@host";
        var held = aRenewal();
        held.state = "HELD";
        held.nextAt = INFINITY;
        var queued = aRenewal();
        queued.state = "QUEUED";

        assertThat(backingOff.nextTryAt()).isEqualTo(ACCEPTED.plusSeconds(60));
        assertThat(leased.nextTryAt()).isNull();
        assertThat(held.nextTryAt()).isNull();
        assertThat(queued.nextTryAt()).isNull();
    }

    @Test
    void fields_are_spelt_as_in_the_outcome_event() {
        var json = new ObjectMapper().registerModule(new JavaTimeModule())
                .valueToTree(detailOf(aRenewal(), aTarget("CDN", "", "WAITING")));

        assertThat(json.get("renewalId").isTextual()).isTrue();
        assertThat(json.at("/state").asText()).isEqualTo("PUSHING");
        assertThat(json.at("/scm/certificateId").asText()).isEqualTo("scs1795490103217");
        assertThat(json.at("/targets/0/service").asText()).isEqualTo("CDN");
        assertThat(json.at("/targets/0").has("project")).isFalse();
        assertThat(json.at("/origin/offset").asLong()).isEqualTo(1847);
        assertThat(json.has("epoch")).isFalse();
        assertThat(json.has("hold")).isFalse();
    }
}
