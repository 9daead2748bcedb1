package io.certcourier.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.certcourier.certificate.TargetService;
import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Phase;
import io.certcourier.scm.PushResult;
import io.certcourier.scm.ScmFailure;
import io.certcourier.scm.ScmOperation;

class RetryRuleTest {

    private static final Duration INITIAL = Duration.ofSeconds(2);
    private static final Duration MAX = Duration.ofMinutes(30);
    private static final int FEW = 5;

    private final RetryRule rule = new RetryRule(INITIAL, MAX, FEW, new Random(7));

    private static ScmFailure.Details details(ReasonCode reason) {
        return new ScmFailure.Details(ScmOperation.IMPORT, 400, "SCM.0000", "text", "request", reason.name());
    }

    private static ScmFailure rejected() {
        return new ScmFailure.Rejected(details(ReasonCode.SCM_REJECTED_KEY), "no");
    }

    private static ScmFailure denied() {
        return new ScmFailure.Denied(details(ReasonCode.PROVIDER_AUTH), "no");
    }

    private static ScmFailure notPermitted() {
        return new ScmFailure.NotPermitted(details(ReasonCode.TARGET_PERMISSION), "no", TargetService.CDN);
    }

    private static ScmFailure throttled(Duration pause) {
        return new ScmFailure.Throttled(details(ReasonCode.PROVIDER_THROTTLED), "no", Optional.ofNullable(pause),
                OptionalDouble.empty());
    }

    private static ScmFailure notDone(boolean few) {
        return new ScmFailure.NotDone(details(ReasonCode.PROVIDER_UNAVAILABLE), "no", few);
    }

    private static ScmFailure unavailable(boolean few) {
        return new ScmFailure.Unavailable(details(ReasonCode.PROVIDER_UNAVAILABLE), "no", few);
    }

    @Test
    void a_rejected_import_fails_for_good() {
        var next = (Next.End) rule.afterImport(rejected(), 0);

        assertThat(next.state()).isEqualTo(State.FAILED);
        assertThat(next.failure().reasonCode()).isEqualTo("SCM_REJECTED_KEY");
        assertThat(next.failure().provider().requestId()).isEqualTo("request");
    }

    @Test
    void a_denied_import_holds_the_renewal_until_the_account_works_again() {
        var next = (Next.Held) rule.afterImport(denied(), 0);

        assertThat(next.hold()).isEqualTo(Hold.ACCOUNT);
        assertThat(next.from()).isEqualTo(State.READY);
        assertThat(next.pause()).isNull();
    }

    @Test
    void a_throttled_import_waits_as_told_and_is_not_counted() {
        var next = (Next.Later) rule.afterImport(throttled(Duration.ofSeconds(17)), 3);

        assertThat(next.pause()).isEqualTo(Duration.ofSeconds(17));
        assertThat(next.counted()).isFalse();
        assertThat(((Next.Later) rule.afterImport(throttled(null), 3)).pause()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void an_import_that_was_surely_not_done_is_repeated_until_the_deadline() {
        var next = (Next.Later) rule.afterImport(notDone(false), 1000);

        assertThat(next.state()).isEqualTo(State.READY);
        assertThat(next.counted()).isTrue();
    }

    @Test
    void an_import_worth_a_few_tries_ends_after_them() {
        assertThat(rule.afterImport(notDone(true), FEW - 2)).isInstanceOf(Next.Later.class);
        assertThat(rule.afterImport(notDone(true), FEW - 1)).isInstanceOf(Next.End.class);
    }

    @Test
    void an_import_with_unknown_outcome_is_never_repeated_blindly() {
        assertThat(((Next.Resolve) rule.afterImport(unavailable(false), 0)).failure().reasonCode())
                .isEqualTo("IMPORT_OUTCOME_UNKNOWN");
        assertThat(((Next.Resolve) rule.afterImport(unavailable(true), 99)).failure().reasonCode())
                .isEqualTo("IMPORT_OUTCOME_UNKNOWN");
        assertThat(((Next.Resolve) rule.afterImport(new ScmFailure.Exists(details(ReasonCode.ALREADY_EXISTS), "there"), 0))
                .failure().reasonCode())
                .isEqualTo("ALREADY_EXISTS");
    }

    @Test
    void what_was_there_before_counts_as_present_unless_our_own_push_was_lost() {
        assertThat(rule.afterPush(new PushResult.Present(), 1, 0).state()).isEqualTo(TargetState.PRESENT);
        assertThat(rule.afterPush(new PushResult.Present(), 2, 1).state()).isEqualTo(TargetState.PUSHED);
        assertThat(rule.afterPush(new PushResult.Pushed("copy"), 1, 0).targetCertificateId()).isEqualTo("copy");
    }

    @Test
    void a_push_ends_its_target_only_if_trying_again_is_pointless() {
        assertThat(afterPush(rejected(), 1).state()).isEqualTo(TargetState.FAILED);
        assertThat(afterPush(notDone(true), FEW - 1).state()).isEqualTo(TargetState.RETRY);
        assertThat(afterPush(notDone(true), FEW).state()).isEqualTo(TargetState.FAILED);
        assertThat(afterPush(notDone(false), 1000).state()).isEqualTo(TargetState.RETRY);
        assertThat(afterPush(unavailable(false), 1000).state()).isEqualTo(TargetState.SENT);
        assertThat(afterPush(unavailable(true), FEW).state()).isEqualTo(TargetState.FAILED);
    }

    @Test
    void throttled_and_denied_pushes_do_not_count_as_attempts() {
        assertThat(afterPush(throttled(null), 3).attempts()).isEqualTo(2);
        assertThat(afterPush(denied(), 3).attempts()).isEqualTo(2);
        assertThat(afterPush(notDone(false), 3).attempts()).isEqualTo(3);
    }

    private TargetResult afterPush(ScmFailure failure, int attempts) {
        return rule.afterPush(new PushResult.Refused(failure), attempts, 0);
    }

    private static TargetResult target(TargetState state) {
        var failure = switch (state) {
            case FAILED, SENT, RETRY -> Failure.of(ReasonCode.TARGET_FAILED, Phase.PUSH, null, null);
            case WAITING, PUSHED, PRESENT, SKIPPED -> null;
        };
        return new TargetResult(state, 1, null, failure);
    }

    private Next after(TargetState... states) {
        return rule.afterPushes(java.util.Arrays.stream(states).map(RetryRuleTest::target).toList(), Duration.ZERO, false, 0);
    }

    @Test
    void the_renewal_ends_when_every_target_is_final() {
        assertThat(((Next.End) after(TargetState.PUSHED, TargetState.PRESENT)).state()).isEqualTo(State.SUCCEEDED);
        assertThat(((Next.End) after(TargetState.PUSHED, TargetState.FAILED)).state()).isEqualTo(State.PARTIAL);
        assertThat(((Next.End) after(TargetState.FAILED, TargetState.FAILED)).state()).isEqualTo(State.FAILED);
        assertThat(((Next.End) after(TargetState.PUSHED, TargetState.FAILED)).failure().reasonCode())
                .isEqualTo("TARGET_FAILED");
        assertThat(((Next.End) after(TargetState.PUSHED, TargetState.PUSHED)).failure()).isNull();
    }

    @Test
    void one_target_to_repeat_keeps_the_renewal_open_whatever_the_others_did() {
        var next = (Next.Later) after(TargetState.PUSHED, TargetState.FAILED, TargetState.RETRY);

        assertThat(next.state()).isEqualTo(State.PUSHING);
        assertThat(next.counted()).isTrue();
        assertThat(next.pause()).isBetween(Duration.ofSeconds(1), INITIAL);
    }

    @Test
    void targets_that_the_budget_did_not_grant_yet_are_no_failure() {
        var next = (Next.Later) after(TargetState.PUSHED, TargetState.WAITING);

        assertThat(next.pause()).isZero();
        assertThat(next.counted()).isFalse();
    }

    @Test
    void a_missing_right_holds_the_renewal_only_when_nothing_else_is_left_to_do() {
        var lacking = afterPush(notPermitted(), 1);

        var alone = rule.afterPushes(List.of(target(TargetState.PUSHED), lacking), Duration.ZERO, false, 0);
        var withOthers = rule.afterPushes(List.of(target(TargetState.SENT), lacking), Duration.ZERO, false, 0);

        assertThat(((Next.Held) alone).hold()).isEqualTo(Hold.PERMISSION);
        assertThat(((Next.Held) alone).pause()).isEqualTo(RetryRule.PERMISSION_PAUSE);
        assertThat(withOthers).isInstanceOf(Next.Later.class);
    }

    @Test
    void a_denied_push_holds_the_renewal_where_it_is() {
        var next = (Next.Held) rule.afterPushes(List.of(target(TargetState.PUSHED), target(TargetState.RETRY)), Duration.ZERO,
                true, 0);

        assertThat(next.from()).isEqualTo(State.PUSHING);
        assertThat(next.hold()).isEqualTo(Hold.ACCOUNT);
    }

    @Test
    void backoff_doubles_up_to_its_maximum_and_never_goes_below_a_second() {
        for (int attempts = 0; attempts < 80; attempts++) {
            long ceiling = Math.min(MAX.toMillis(), attempts > 30 ? Long.MAX_VALUE : INITIAL.toMillis() << attempts);
            assertThat(rule.backoff(attempts)).as("attempts %d", attempts).isBetween(Duration.ofSeconds(1),
                    Duration.ofMillis(ceiling));
        }
    }

    @Test
    void a_bug_stops_one_renewal_after_three_tries() {
        var bug = Failure.of(ReasonCode.BUG, Phase.INTERNAL, null, null);

        assertThat(rule.afterBug(State.PUSHING, 1, bug)).isInstanceOf(Next.Later.class);
        assertThat(((Next.Held) rule.afterBug(State.PUSHING, 2, bug)).hold()).isEqualTo(Hold.UNCLEAR);
    }
}
