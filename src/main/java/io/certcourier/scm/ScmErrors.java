package io.certcourier.scm;

import java.time.Duration;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import io.certcourier.scm.ErrorRow.Retries;
import io.certcourier.scm.ErrorRow.Scope;
import io.certcourier.scm.ScmFailure.Consequence;
import io.certcourier.scm.ScmFailure.Details;

/** Turns what SCM, its gateway or the network answered into a {@link ScmFailure}, by scm/errors.json; nothing else decides. */
@ApplicationScoped
class ScmErrors {

    /**
     * @param concernsTarget true if only the target of the push fails, not the call as such
     * @param gone true if SCM does not know the certificate of the call
     */
    record Refusal(ScmFailure failure, boolean concernsTarget, boolean gone) {
    }

    private static final String CLOCK_SKEW = "CLOCK_SKEW";

    private final ErrorTable table = ErrorTable.load();

    /**
     * An answer that is no success.
     *
     * @param signedAt time of the signature, to tell a refused time from refused keys
     */
    Refusal refusal(ScmOperation operation, ScmReply reply, Instant signedAt) {
        ErrorText error = ErrorText.of(reply);
        ErrorTable.Match match = table.match(operation, reply.status(), error.code(), error.sent());
        ErrorRow row = match.row();
        String reason = reason(match, reply, signedAt);
        Details details = new Details(operation, reply.status(), error.code(), error.message(),
                reply.requestId() != null ? reply.requestId() : error.requestId(), reason);
        ScmFailure failure = row.reasonCode().equals("PROVIDER_THROTTLED") ? throttled(details, row, reply, error.sent())
                : failure(details, row);
        return new Refusal(failure, row.scope() == Scope.TARGET, row.reasonCode().equals("CERTIFICATE_VANISHED"));
    }

    /** True if the time of the signature was refused. */
    static boolean clockRefused(ScmCalls.Outcome outcome) {
        return outcome.refusal() != null && CLOCK_SKEW.equals(outcome.refusal().failure().details().reasonCode());
    }

    /** A success that lacks what matters. */
    ScmFailure unusable(ScmOperation operation, ScmReply reply) {
        ErrorRow row = table.match(operation, reply.status(), null, null).row();
        return failure(new Details(operation, reply.status(), null, null, reply.requestId(), row.reasonCode()), row);
    }

    /**
     * One project of an answered batch-push that got no copy.
     *
     * @param message SCM's; may be null
     */
    ScmFailure refusedInBatch(ScmReply reply, String message) {
        return insideBatch(reply, table.insideSuccess("batch-push-refused", message), ErrorText.inside(message).message());
    }

    /** One project that an answered batch-push does not mention. */
    ScmFailure missingInBatch(ScmReply reply) {
        return insideBatch(reply, table.insideSuccess("batch-push-missing", null), null);
    }

    /** No answer came. */
    ScmFailure transport(ScmOperation operation, Throwable cause) {
        ErrorRow row = table.transport(TransportFault.of(cause).kind());
        return failure(new Details(operation, null, null, null, null, row.reasonCode()), row);
    }

    /** No call was made, because it could not succeed. */
    ScmFailure withheld(ScmOperation operation, String kind) {
        ErrorRow row = table.transport(kind);
        return new ScmFailure.Denied(new Details(operation, null, null, null, null, row.reasonCode()),
                operation.label() + " was not sent: " + row.meaning());
    }

    private static String reason(ErrorTable.Match match, ScmReply reply, Instant signedAt) {
        boolean otherTime = reply.date()
                .filter(date -> Duration.between(signedAt, date).abs().compareTo(SignatureClock.TOLERANCE) > 0).isPresent();
        if (reply.status() == 401 && otherTime) {
            return CLOCK_SKEW;
        }
        return match.unlisted() ? "PROVIDER_UNMAPPED" : match.row().reasonCode();
    }

    private static ScmFailure insideBatch(ScmReply reply, ErrorRow row, String text) {
        return failure(new Details(ScmOperation.BATCH_PUSH, reply.status(), null, text, reply.requestId(), row.reasonCode()),
                row);
    }

    private static ScmFailure throttled(Details details, ErrorRow row, ScmReply reply, String text) {
        ThrottleLimit limit = ThrottleLimit.of(reply, text);
        return new ScmFailure.Throttled(details, sentence(details, row), limit.pause(), limit.limitPerMinute());
    }

    private static ScmFailure failure(Details details, ErrorRow row) {
        String sentence = sentence(details, row);
        boolean few = row.retries() == Retries.FEW || row.retries() == Retries.ONCE;
        return switch (row.consequence() != null ? row.consequence() : implied(row)) {
            case GIVE_UP -> new ScmFailure.Rejected(details, sentence);
            case HOLD_ACCOUNT -> new ScmFailure.Denied(details, sentence);
            case HOLD_SERVICE -> new ScmFailure.NotPermitted(details, sentence, row.service());
            case REPEAT -> new ScmFailure.NotDone(details, sentence, few);
            case LOOK_FIRST -> new ScmFailure.Unavailable(details, sentence, few);
            case FIND_EXISTING -> new ScmFailure.Exists(details, sentence);
            case WAIT -> throw new IllegalStateException("only an answer can throttle");
        };
    }

    private static Consequence implied(ErrorRow row) {
        return switch (row.disposition()) {
            case ALREADY_DONE -> Consequence.FIND_EXISTING;
            case TERMINAL -> Consequence.GIVE_UP;
            case ACCOUNT_WIDE -> row.service() == null ? Consequence.HOLD_ACCOUNT : Consequence.HOLD_SERVICE;
            case RETRYABLE -> row.effect() == ErrorRow.Effect.NONE ? Consequence.REPEAT : Consequence.LOOK_FIRST;
        };
    }

    private static String sentence(Details details, ErrorRow row) {
        StringBuilder sentence = new StringBuilder(details.operation().label());
        sentence.append(details.httpStatus() == null ? " got no answer" : " was answered with HTTP " + details.httpStatus());
        if (details.errorCode() != null) {
            sentence.append(", ").append(details.errorCode());
        }
        if (details.requestId() != null) {
            sentence.append(", request ").append(details.requestId());
        }
        return sentence.append(": ").append(row.meaning()).toString();
    }
}
