package io.certcourier.intake;

import io.certcourier.outcome.ReasonCode;

/** The event is at fault (or the configuration it needs): carries the reason code and a sentence without any input text. */
final class Refused extends RuntimeException {

    private final ReasonCode code;

    Refused(ReasonCode code, String detail) {
        super(detail, null, false, false);
        this.code = code;
    }

    ReasonCode code() {
        return code;
    }

    /** One sentence of our own, 1 to 512 characters. */
    String detail() {
        return getMessage();
    }
}
