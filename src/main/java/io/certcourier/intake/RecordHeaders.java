package io.certcourier.intake;

import static io.certcourier.outcome.ReasonCode.ENVELOPE_INVALID;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The headers of a record by lower-case name. Those of an envelope occur once and have a value. */
final class RecordHeaders implements Attributes.Source {

    private static final String PREFIX = "ce_";
    private static final String CONTENT_TYPE = "content-type";

    private final Map<String, byte[]> values = new HashMap<>();

    /** @throws Refused ENVELOPE_INVALID: a header of the envelope is null or occurs twice */
    RecordHeaders(List<IncomingRecord.Header> headers) {
        Set<String> repeated = new HashSet<>();
        for (var header : headers) {
            String name = header.name().toLowerCase(Locale.ROOT);
            boolean again = values.containsKey(name);
            if ((again || header.value() == null) && (name.startsWith(PREFIX) || name.equals(CONTENT_TYPE))) {
                throw new Refused(ENVELOPE_INVALID, "A ce_ or content-type header is null or occurs twice.");
            }
            values.put(name, header.value());
            if (again) {
                repeated.add(name);
            }
        }
        values.keySet().removeAll(repeated);
    }

    /** True if any header is a CloudEvents attribute: the record is an event in binary mode. */
    boolean anyAttribute() {
        return values.keySet().stream().anyMatch(name -> name.startsWith(PREFIX));
    }

    /** Null if there is none. */
    String contentType() {
        return text(CONTENT_TYPE);
    }

    /** The Kafka header of W3C trace context; null if there is none that can be read, for it is never a reason to refuse. */
    String traceparent() {
        byte[] value = values.get("traceparent");
        return value == null ? null : new String(value, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String attribute(String name) {
        return text("datacontenttype".equals(name) ? CONTENT_TYPE : PREFIX + name);
    }

    private String text(String header) {
        byte[] value = values.get(header);
        try {
            return value == null ? null : StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
        } catch (CharacterCodingException e) {
            throw new Refused(ENVELOPE_INVALID, "A ce_ or content-type header is not UTF-8.");
        }
    }
}
