package io.certcourier.ops;

import java.net.URI;

import io.certcourier.intake.Receipt.Declined;
import io.certcourier.outcome.ReasonCode;

/** How a refused event is answered. */
final class IntakeAnswer {

    private static final int UNPROCESSABLE = 422;

    private IntakeAnswer() {
    }

    static Problem problem(Declined declined) {
        return Problem.refusal(status(declined.code()), declined.code(), declined.detail(), instance(declined));
    }

    /** Nothing was stored, so nothing can be looked at. */
    static Problem trialProblem(Declined declined) {
        return Problem.refusal(status(declined.code()), declined.code(), declined.detail(), null);
    }

    private static URI instance(Declined declined) {
        return declined.refusalId() != null ? URI.create("/v1/refusals/" + declined.refusalId())
                : URI.create("/v1/renewals/" + declined.renewalId());
    }

    /** 400: no event could be read; 422: it can be read, and not be used. */
    private static int status(ReasonCode code) {
        return switch (code) {
            case TOMBSTONE, MALFORMED_JSON, ENVELOPE_INVALID, UNSUPPORTED_TYPE -> 400;
            case PAYLOAD_TOO_LARGE -> 413;
            case BUG -> 500;
            default -> UNPROCESSABLE;
        };
    }
}
