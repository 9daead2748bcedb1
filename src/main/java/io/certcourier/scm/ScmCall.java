package io.certcourier.scm;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A CDI event: a call was made, or could not be.
 *
 * @param errorCode SCM's or its gateway's, like SCM.0079; only one that scm/errors.json lists, else "other"; empty if none came
 * @param httpStatus empty if no answer came
 * @param requestId SCM's; empty if none came
 * @param took until the answer, or until it was given up
 */
public record ScmCall(String account, ScmOperation operation, Outcome outcome, Optional<String> errorCode,
        Optional<Integer> httpStatus, Optional<String> requestId, Duration took) {

    /** How a call went, in the words of the database and of the metrics. */
    public enum Outcome {
        OK,
        /** Answered, and nothing was done. */
        REFUSED,
        THROTTLED,
        /** The account, or its keys, were refused. */
        AUTH,
        /** No usable answer: perhaps it was done. */
        UNKNOWN,
        /** It certainly never reached SCM. */
        NOT_SENT;

        /** What a failure says about its call. */
        public static Outcome of(ScmFailure failure) {
            return switch (failure.consequence()) {
                case GIVE_UP, HOLD_SERVICE, FIND_EXISTING -> REFUSED;
                case HOLD_ACCOUNT -> AUTH;
                case WAIT -> THROTTLED;
                case REPEAT -> failure.details().httpStatus() == null ? NOT_SENT : REFUSED;
                case LOOK_FIRST -> UNKNOWN;
            };
        }
    }

    private static final String OTHER = "other";
    private static final Set<String> LISTED = ErrorTable.load().codes();

    static ScmCall of(String account, ScmOperation operation, ScmAnswer<?> answer, Duration took) {
        return answer.refusal() != null ? of(account, operation, answer.refusal(), took)
                : new ScmCall(account, operation, Outcome.OK, Optional.empty(), Optional.of(answer.httpStatus()),
                        Optional.ofNullable(answer.requestId()), took);
    }

    static ScmCall of(String account, ScmOperation operation, ScmFailure failure, Duration took) {
        var details = failure.details();
        var code = Optional.ofNullable(details.errorCode()).map(sent -> LISTED.contains(sent) ? sent : OTHER);
        return new ScmCall(account, operation, Outcome.of(failure), code, Optional.ofNullable(details.httpStatus()),
                Optional.ofNullable(details.requestId()), took);
    }

    /** Every value that {@link #errorCode} may have. */
    public static Set<String> errorCodes() {
        var codes = new TreeSet<>(LISTED);
        codes.add(OTHER);
        return codes;
    }
}
