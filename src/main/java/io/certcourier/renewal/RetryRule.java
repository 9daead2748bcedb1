package io.certcourier.renewal;

import java.time.Duration;
import java.util.Collection;
import java.util.random.RandomGenerator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.certcourier.outcome.Outcome.Failure;
import io.certcourier.outcome.Outcome.Provider;
import io.certcourier.outcome.ReasonCode;
import io.certcourier.outcome.ReasonCode.Phase;
import io.certcourier.scm.PushResult;
import io.certcourier.scm.ScmFailure;

/**
 * What follows from a failure, and after which pause. The only place that decides it; what a code means is decided in the scm
 * package.
 */
@ApplicationScoped
class RetryRule {

    /** A missing right is tried again this often, since nobody tells us when it was granted. */
    static final Duration PERMISSION_PAUSE = Duration.ofMinutes(30);
    /** Until when to wait after a 429 that names no time. */
    private static final Duration THROTTLE_PAUSE = Duration.ofSeconds(60);
    private static final long LEAST_PAUSE_MILLIS = 1000;

    private final Duration initial;
    private final Duration max;
    private final int fewTries;
    private final RandomGenerator random;

    @Inject
    RetryRule(RenewalConfig config) {
        this(config.backoff().initial(), config.backoff().max(), config.targetAttempts(), RandomGenerator.getDefault());
    }

    RetryRule(Duration initial, Duration max, int fewTries, RandomGenerator random) {
        this.initial = initial;
        this.max = max;
        this.fewTries = fewTries;
        this.random = random;
    }

    /** @param attempts failed tries before this one */
    Next afterImport(ScmFailure failed, int attempts) {
        Failure failure = failure(failed, Phase.IMPORT);
        return switch (failed.consequence()) {
            case GIVE_UP -> new Next.End(State.FAILED, failure);
            case HOLD_ACCOUNT, HOLD_SERVICE -> new Next.Held(State.READY, Hold.ACCOUNT, null, failure);
            case WAIT -> new Next.Later(State.READY,
                    failed instanceof ScmFailure.Throttled t ? throttlePause(t) : THROTTLE_PAUSE, false, failure);
            case REPEAT -> exhausted(failed, attempts + 1) ? new Next.End(State.FAILED, failure)
                    : new Next.Later(State.READY, backoff(attempts), true, failure);
            case LOOK_FIRST ->
                new Next.Resolve(Failure.of(ReasonCode.IMPORT_OUTCOME_UNKNOWN, Phase.RESOLVE, null, failure.provider()));
            case FIND_EXISTING ->
                new Next.Resolve(Failure.of(ReasonCode.ALREADY_EXISTS, Phase.RESOLVE, null, failure.provider()));
        };
    }

    /** @param attempts push calls for this target, this one included */
    TargetResult afterPush(PushResult result, int attempts, int unknowns) {
        if (result instanceof PushResult.Pushed pushed) {
            return new TargetResult(TargetState.PUSHED, attempts, pushed.targetCertificateId(), null);
        }
        if (result instanceof PushResult.Refused refused) {
            return afterRefusedPush(refused.cause(), attempts);
        }
        // there already: by our own push whose answer was lost, or from before
        return new TargetResult(unknowns > 0 ? TargetState.PUSHED : TargetState.PRESENT, attempts, null, null);
    }

    private TargetResult afterRefusedPush(ScmFailure failed, int attempts) {
        Failure failure = failure(failed, Phase.PUSH);
        return switch (failed.consequence()) {
            case GIVE_UP, FIND_EXISTING -> new TargetResult(TargetState.FAILED, attempts, null, failure);
            case HOLD_SERVICE -> new TargetResult(TargetState.RETRY, attempts, null, failure);
            case HOLD_ACCOUNT, WAIT -> new TargetResult(TargetState.RETRY, attempts - 1, null, failure);
            case REPEAT ->
                new TargetResult(exhausted(failed, attempts) ? TargetState.FAILED : TargetState.RETRY, attempts, null, failure);
            case LOOK_FIRST ->
                new TargetResult(exhausted(failed, attempts) ? TargetState.FAILED : TargetState.SENT, attempts, null, failure);
        };
    }

    /**
     * What follows when the targets of a step are answered.
     *
     * @param all every target of the renewal, also those of earlier steps
     * @param pause the longest pause that a throttled call asked for; zero if none did
     * @param attempts failed steps before this one
     */
    Next afterPushes(Collection<TargetResult> all, Duration pause, boolean denied, int attempts) {
        Failure failure = all.stream().filter(t -> t.failure() != null).findFirst().map(TargetResult::failure).orElse(null);
        if (denied) {
            return new Next.Held(State.PUSHING, Hold.ACCOUNT, null, failure);
        }
        var open = all.stream().filter(t -> !t.state().terminal()).toList();
        if (open.isEmpty()) {
            return end(all, failure);
        }
        if (open.stream().allMatch(TargetResult::lacksPermission)) {
            return new Next.Held(State.PUSHING, Hold.PERMISSION, PERMISSION_PAUSE, open.get(0).failure());
        }
        boolean failed = open.stream().anyMatch(t -> t.state() != TargetState.WAITING);
        if (!pause.isZero()) {
            return new Next.Later(State.PUSHING, pause, false, failure);
        }
        return new Next.Later(State.PUSHING, failed ? backoff(attempts) : Duration.ZERO, failed, failure);
    }

    private static Next end(Collection<TargetResult> all, Failure failure) {
        long reached = all.stream().filter(t -> t.state().reached()).count();
        if (reached == all.size()) {
            return new Next.End(State.SUCCEEDED, null);
        }
        return new Next.End(reached > 0 ? State.PARTIAL : State.FAILED, failure);
    }

    /** A bug of ours with one renewal: a few tries, then a person. It must not stop the others. */
    Next afterBug(State state, int attempts, Failure failure) {
        return attempts + 1 >= 3 ? new Next.Held(state, Hold.UNCLEAR, null, failure)
                : new Next.Later(state, backoff(attempts), true, failure);
    }

    /** Nothing was called and nothing is lost: it waits until the keyset has the key again. */
    static Next afterMissingSealKey() {
        return new Next.Held(State.READY, Hold.KEYSET, null,
                Failure.of(ReasonCode.SEAL_KEY_MISSING, Phase.IMPORT, null, null));
    }

    /** The sealed key was changed or moved: only a person, or the event sent again, can help. */
    static Next afterBrokenSeal() {
        return new Next.Held(State.READY, Hold.UNCLEAR, null,
                Failure.of(ReasonCode.BUG, Phase.IMPORT, "The sealed private key does not open with the key that sealed it.",
                        null));
    }

    /** random(1 s, min(max, initial * 2^attempts)) */
    Duration backoff(int attempts) {
        long ceiling = Math.min(max.toMillis(), initial.toMillis() << Math.min(attempts, 30));
        return Duration.ofMillis(ceiling <= LEAST_PAUSE_MILLIS ? ceiling : random.nextLong(LEAST_PAUSE_MILLIS, ceiling + 1));
    }

    static Duration throttlePause(ScmFailure.Throttled throttled) {
        return throttled.pause().orElse(THROTTLE_PAUSE);
    }

    private boolean exhausted(ScmFailure failed, int tries) {
        boolean few = failed instanceof ScmFailure.NotDone notDone && notDone.few()
                || failed instanceof ScmFailure.Unavailable unavailable && unavailable.few();
        return few && tries >= fewTries;
    }

    /** The failure as outcome events and the API tell it. */
    static Failure failure(ScmFailure failed, Phase during) {
        var details = failed.details();
        var provider = new Provider(details.operation().label(), details.errorCode(), details.httpStatus(),
                details.requestId());
        return Failure.of(ReasonCode.valueOf(details.reasonCode()), during, failed.getMessage(), provider);
    }
}
