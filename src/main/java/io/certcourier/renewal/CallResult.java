package io.certcourier.renewal;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

import org.jdbi.v3.core.Handle;

import io.certcourier.scm.ScmAnswer;
import io.certcourier.scm.ScmCall;
import io.certcourier.scm.ScmFailure;
import io.certcourier.scm.ScmFailure.Details;

/**
 * How one SCM call went; completes the row that was written before it.
 *
 * @param attempt that row
 * @param requestId SCM's; null if no answer came
 * @param answers for a list call: how many waiting renewals it answered; else null
 * @param failure null if the call was answered or not made
 */
record CallResult(long attempt, Outcome outcome, Integer httpStatus, String requestId, Integer answers, ScmFailure failure) {

    /**
     * The words of column {@code attempt.outcome}: those of {@link ScmCall.Outcome}, and one for a result that came too late.
     */
    enum Outcome {
        OK,
        REFUSED,
        THROTTLED,
        AUTH,
        UNKNOWN,
        NOT_SENT,
        ZOMBIE
    }

    static CallResult answered(long attempt, ScmAnswer<?> answer) {
        return answer.refusal() != null ? failed(attempt, answer.refusal())
                : new CallResult(attempt, Outcome.OK, answer.httpStatus(), answer.requestId(), null, null);
    }

    static CallResult failed(long attempt, ScmFailure failure) {
        var details = failure.details();
        return new CallResult(attempt, Outcome.valueOf(ScmCall.Outcome.of(failure).name()), details.httpStatus(),
                details.requestId(), null, failure);
    }

    /** The call was not made: no lease, no key, no room among those under way, or the service ends. */
    static CallResult notSent(long attempt) {
        return new CallResult(attempt, Outcome.NOT_SENT, null, null, null, null);
    }

    static CallResult unknown(long attempt) {
        return new CallResult(attempt, Outcome.UNKNOWN, null, null, null, null);
    }

    CallResult withAnswers(int renewals) {
        return new CallResult(attempt, outcome, httpStatus, requestId, renewals, failure);
    }

    /** The result of a call whose lease was lost meanwhile: known, but it must not decide anything. */
    CallResult asZombie() {
        return outcome == Outcome.NOT_SENT ? this
                : new CallResult(attempt, Outcome.ZOMBIE, httpStatus, requestId, answers, failure);
    }

    Optional<ScmFailure.Throttled> throttled() {
        return failure instanceof ScmFailure.Throttled throttled ? Optional.of(throttled) : Optional.empty();
    }

    /**
     * In one statement: what it costs is the way to the database.
     *
     * @return the operation of each call that was not sent, if this is the first to tell so
     */
    static List<String> store(Handle tx, Collection<CallResult> results) {
        return tx.createQuery(
                """
                        UPDATE attempt a SET ended_at = now(), outcome = r.outcome, http_status = r.status, error_code = r.code, error_text = r.text,
                               request_id = r.request, answers = r.answers
                          FROM unnest(:ids, :outcomes, :statuses, :codes, :texts, :requests, :answers) AS r(id, outcome, status, code, text, request, answers)
                         WHERE a.id = r.id AND a.ended_at IS NULL
                        RETURNING CASE WHEN a.outcome = 'NOT_SENT' THEN a.operation END""")
                .bindArray("ids", Long.class, results.stream().map(CallResult::attempt).toList())
                .bindArray("outcomes", String.class, results.stream().map(result -> result.outcome.name()).toList())
                .bindArray("statuses", Integer.class, results.stream().map(CallResult::httpStatus).toList())
                .bindArray("codes", String.class, results.stream().map(result -> result.said(Details::errorCode)).toList())
                .bindArray("texts", String.class, results.stream().map(result -> result.said(Details::text)).toList())
                .bindArray("requests", String.class, results.stream().map(CallResult::requestId).toList())
                .bindArray("answers", Integer.class, results.stream().map(CallResult::answers).toList())
                .mapTo(String.class).stream().filter(Objects::nonNull).toList();
    }

    private String said(Function<Details, String> part) {
        return failure == null ? null : part.apply(failure.details());
    }
}
