package io.certcourier.intake;

import static io.certcourier.outcome.ReasonCode.ENVELOPE_INVALID;
import static io.certcourier.outcome.ReasonCode.UNSUPPORTED_TYPE;

import java.util.Base64;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The envelope of one record: CloudEvents 1.0 in binary or structured mode, or none. It is opened step by step and keeps what
 * it has read, so that a refusal can tell it.
 */
final class Envelope {

    /** PLAIN also as long as nothing else is known. */
    enum Form {
        BINARY,
        STRUCTURED,
        PLAIN
    }

    private Form form = Form.PLAIN;
    private Attributes attributes = Attributes.NONE;
    private JsonNode data;

    /**
     * Headers, JSON, attributes, type, in this order.
     *
     * @throws Refused ENVELOPE_INVALID, MALFORMED_JSON, UNSUPPORTED_TYPE
     */
    void open(IncomingRecord record, RecordTrace trace) {
        var headers = new RecordHeaders(record.headers());
        String contentType = headers.contentType();
        MediaType media = contentType == null ? null : MediaType.parse(contentType);
        if (media != null && media.otherEvent()) {
            throw new Refused(ENVELOPE_INVALID, "CloudEvents are read one by one, as JSON: no batch, no other format.");
        }
        boolean structured = media != null && media.structuredEvent();
        if (structured && !media.utf8()) {
            throw new Refused(ENVELOPE_INVALID, "The content type names a charset that is not UTF-8.");
        }
        if (structured) {
            form = Form.STRUCTURED;
        } else if (headers.anyAttribute()) {
            form = Form.BINARY;
            attributes = Attributes.read(headers, headers.traceparent());
        }
        JsonNode json = StrictJson.parse(record.value());
        if (structured || form == Form.PLAIN && json.has("specversion")) {
            form = Form.STRUCTURED;
            attributes = Attributes.read(name -> member(json, name), headers.traceparent());
        } else if (form == Form.PLAIN) {
            attributes = Attributes.ofPlainRecord(trace, contentType, headers.traceparent());
        }
        attributes.requireValid();
        if (!Attributes.TYPE.equals(attributes.type())) {
            throw new Refused(UNSUPPORTED_TYPE, "The type is not " + Attributes.TYPE + ".");
        }
        data = form == Form.STRUCTURED ? dataOf(json) : json;
        requireSubject();
    }

    /** The subject is compared only now because another type may mean something else by it. */
    private void requireSubject() {
        JsonNode name = data.path("certificateName");
        if (attributes.subject() != null && name.isTextual() && !attributes.subject().equals(name.textValue())) {
            throw new Refused(ENVELOPE_INVALID, "Attribute subject is not the certificateName.");
        }
    }

    private static String member(JsonNode event, String name) {
        JsonNode value = event.path(name);
        if (value.isMissingNode() || value.isNull()) { // null is "not set" in the JSON format of CloudEvents
            return null;
        }
        if (!value.isTextual()) {
            throw new Refused(ENVELOPE_INVALID, "Attribute " + name + " is not a string.");
        }
        return value.textValue();
    }

    private static JsonNode dataOf(JsonNode event) {
        boolean inline = event.hasNonNull("data");
        if (inline == event.hasNonNull("data_base64")) {
            throw new Refused(ENVELOPE_INVALID, "The event needs either data or data_base64.");
        }
        if (inline) {
            return event.get("data");
        }
        String base64 = event.get("data_base64").textValue();
        if (base64 == null) {
            throw new Refused(ENVELOPE_INVALID, "Member data_base64 is not a string.");
        }
        try {
            return StrictJson.parse(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw new Refused(ENVELOPE_INVALID, "Member data_base64 is not base64.");
        }
    }

    Form form() {
        return form;
    }

    Attributes attributes() {
        return attributes;
    }

    /** The event's data; null until the envelope is open. */
    JsonNode data() {
        return data;
    }
}
