package io.certcourier.scm;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

import io.certcourier.certificate.TargetService;

/**
 * A call that did not succeed, sealed by what the caller may do next. Its message is one sentence without any body or input
 * text.
 */
public abstract sealed class ScmFailure extends RuntimeException {

    /** What the caller may do next. */
    public enum Consequence {
        /** The same request gets the same answer: end the renewal, or the target. */
        GIVE_UP,
        /** No request of this account can work: hold the account, a person must act. */
        HOLD_ACCOUNT,
        /** No push of this account to this service can work: a person must grant something. */
        HOLD_SERVICE,
        /** Nothing was done, the call limit is reached: wait, lower the budget, do not count. */
        WAIT,
        /** Nothing was done: repeat after a pause. */
        REPEAT,
        /** It may or may not have happened: look before repeating. */
        LOOK_FIRST,
        /** Perhaps it is there already: look for it. */
        FIND_EXISTING
    }

    /**
     * What is known of the call.
     *
     * @param httpStatus null if no answer came
     * @param errorCode SCM's or the gateway's code; null if none came
     * @param text SCM's error_msg, redacted, without control characters, at most 512; null if none came
     * @param requestId SCM's X-Request-Id; null if none came
     * @param reasonCode name of our reason code (docs/errors.md)
     */
    public record Details(ScmOperation operation, Integer httpStatus, String errorCode, String text, String requestId,
            String reasonCode) {
    }

    private final transient Details details;

    private ScmFailure(Details details, String sentence) {
        super(sentence, null, false, false);
        this.details = details;
    }

    public Details details() {
        return details;
    }

    public abstract Consequence consequence();

    /** SCM, or the target service, will never take it. */
    public static final class Rejected extends ScmFailure {
        public Rejected(Details details, String sentence) {
            super(details, sentence);
        }

        @Override
        public Consequence consequence() {
            return Consequence.GIVE_UP;
        }
    }

    /** Credentials, permission or endpoint: no request of this account can work. */
    public static final class Denied extends ScmFailure {
        public Denied(Details details, String sentence) {
            super(details, sentence);
        }

        @Override
        public Consequence consequence() {
            return Consequence.HOLD_ACCOUNT;
        }
    }

    /** The account lacks a right or delegation for one target service. */
    public static final class NotPermitted extends ScmFailure {
        private final TargetService service;

        public NotPermitted(Details details, String sentence, TargetService service) {
            super(details, sentence);
            this.service = service;
        }

        public TargetService service() {
            return service;
        }

        @Override
        public Consequence consequence() {
            return Consequence.HOLD_SERVICE;
        }
    }

    /** The call limit is reached; nothing was done. */
    public static final class Throttled extends ScmFailure {
        private final transient Optional<Duration> pause;
        private final transient OptionalDouble limitPerMinute;

        /**
         * @param pause from Retry-After or the window in the text
         * @param limitPerMinute the limit named in the text, as calls per minute
         */
        public Throttled(Details details, String sentence, Optional<Duration> pause, OptionalDouble limitPerMinute) {
            super(details, sentence);
            this.pause = pause;
            this.limitPerMinute = limitPerMinute;
        }

        public Optional<Duration> pause() {
            return pause;
        }

        public OptionalDouble limitPerMinute() {
            return limitPerMinute;
        }

        @Override
        public Consequence consequence() {
            return Consequence.WAIT;
        }
    }

    /** Nothing was done (not sent, or refused for a passing reason); the same request may work later. */
    public static final class NotDone extends ScmFailure {
        private final boolean few;

        /** @param few true: give up after a few tries; false: repeat until the deadline */
        public NotDone(Details details, String sentence, boolean few) {
            super(details, sentence);
            this.few = few;
        }

        public boolean few() {
            return few;
        }

        @Override
        public Consequence consequence() {
            return Consequence.REPEAT;
        }
    }

    /** No usable answer: it may or may not have happened. */
    public static final class Unavailable extends ScmFailure {
        private final boolean few;

        /** @param few true: give up after a few tries; false: repeat until the deadline */
        public Unavailable(Details details, String sentence, boolean few) {
            super(details, sentence);
            this.few = few;
        }

        public boolean few() {
            return few;
        }

        @Override
        public Consequence consequence() {
            return Consequence.LOOK_FIRST;
        }
    }

    /** An import was perhaps refused as a duplicate: resolve by list and show. */
    public static final class Exists extends ScmFailure {
        public Exists(Details details, String sentence) {
            super(details, sentence);
        }

        @Override
        public Consequence consequence() {
            return Consequence.FIND_EXISTING;
        }
    }
}
