package io.certcourier.intake;

import java.util.UUID;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

import io.certcourier.outcome.ReasonCode;
import io.certcourier.renewal.RenewalRequest;

/** What one record turned out to be. May hold a private key: close it. */
sealed interface Reading extends AutoCloseable {

    RecordTrace trace();

    Attributes attributes();

    Envelope.Form form();

    /** The same as part of another trace; null: of none. */
    Reading under(String traceparent);

    @Override
    default void close() {
    }

    /**
     * It passed envelope and schema: a renewal, even if content or policy refuses it.
     *
     * @param unknownFields members of the data that the schema does not have
     * @param plaintextKey the key came in clear, by a wire
     */
    record Event(RecordTrace trace, Attributes attributes, Envelope.Form form, int unknownFields, boolean plaintextKey,
            RenewalRequest request) implements Reading {

        @Override
        public Event under(String traceparent) {
            return new Event(trace, attributes.under(traceparent), form, unknownFields, plaintextKey,
                    request.under(traceparent));
        }

        @Override
        public void close() {
            if (request.bundle() != null) {
                request.bundle().close();
            }
        }

        /** The event as refused although it can be read. */
        Refusal refusedFor(ReasonCode code, UUID renewal) {
            return new Refusal(trace, attributes, form, code, code.meaning(), request.certificateName(),
                    request.origin().idempotencyKey(), renewal);
        }
    }

    /**
     * It was refused before it could become a renewal.
     *
     * @param detail one sentence of our own, 1 to 512 characters
     * @param certificateName null, like the key, unless it could be read and is well-formed
     * @param renewal the known renewal of an IDEMPOTENCY_CONFLICT, else null
     */
    record Refusal(RecordTrace trace, Attributes attributes, Envelope.Form form, ReasonCode code, String detail,
            String certificateName, String idempotencyKey, UUID renewal) implements Reading {

        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9*][A-Za-z0-9._*/:@-]{0,252}");
        private static final Pattern KEY = Pattern.compile("[!-~]{1,128}");

        @Override
        public Refusal under(String traceparent) {
            return new Refusal(trace, attributes.under(traceparent), form, code, detail, certificateName, idempotencyKey,
                    renewal);
        }

        static Refusal of(RecordTrace trace, Envelope envelope, ReasonCode code, String detail) {
            return new Refusal(trace, envelope.attributes(), envelope.form(), code, detail,
                    wellFormed(envelope.data(), "certificateName", NAME), wellFormed(envelope.data(), "idempotencyKey", KEY),
                    null);
        }

        /** The same for the same record, and for a request that is repeated. */
        UUID id() {
            var place = trace.place();
            return place.isRecord() ? Identity.refusalId(place.topic(), place.partition(), place.offset(), trace.sha256Hex())
                    : Identity.refusedRequestId(place.caller(), code, trace.sha256Hex());
        }

        /** With nothing of the input in it: nothing that could fail a second time. */
        static Refusal bug(RecordTrace trace) {
            return new Refusal(trace, Attributes.NONE, Envelope.Form.PLAIN, ReasonCode.BUG, ReasonCode.BUG.meaning(), null,
                    null, null);
        }

        private static String wellFormed(JsonNode data, String field, Pattern form) {
            String text = data == null ? null : data.path(field).textValue();
            return text != null && form.matcher(text).matches() ? text : null;
        }
    }
}
