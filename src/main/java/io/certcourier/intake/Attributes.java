package io.certcourier.intake;

import static io.certcourier.outcome.ReasonCode.ENVELOPE_INVALID;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * The CloudEvents attributes of one event, each null if it is absent or malformed, so that a refusal can still tell the good
 * ones.
 *
 * @param problem one sentence on the first attribute that is missing or malformed; null if none is
 */
record Attributes(String id, String source, String type, String subject, Instant time, Instant expiryTime, String correlationId,
        String traceparent, String problem) {

    static final String TYPE = "io.certcourier.certificate.renewed.v1";
    static final Attributes NONE = new Attributes(null, null, null, null, null, null, null, null, null);

    private static final int LONGEST = 256;
    private static final Pattern TRACEPARENT = Pattern
            .compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    /** Headers or JSON members. */
    interface Source {

        /** @throws Refused ENVELOPE_INVALID: it is there, but is no text; null if it is not there */
        String attribute(String name);
    }

    /** @param traceparent of the record itself; goes before the attribute, may be null */
    static Attributes read(Source source, String traceparent) {
        return new Reader(source).read(traceparent);
    }

    /** What a record without any envelope gets: an identity made of where it came from and what it holds. */
    static Attributes ofPlainRecord(RecordTrace trace, String contentType, String traceparent) {
        var reader = new Reader(name -> contentType);
        reader.contentType();
        return new Attributes("sha256:" + trace.sha256Hex(), trace.place().source(), TYPE, null,
                trace.recordTime(), null, null, wellFormed(traceparent), reader.problem);
    }

    Attributes under(String newTraceparent) {
        return new Attributes(id, source, type, subject, time, expiryTime, correlationId, newTraceparent, problem);
    }

    /** @throws Refused ENVELOPE_INVALID */
    void requireValid() {
        if (problem != null) {
            throw new Refused(ENVELOPE_INVALID, problem);
        }
    }

    private static String wellFormed(String traceparent) {
        return traceparent != null && TRACEPARENT.matcher(traceparent).matches() ? traceparent : null;
    }

    /** Reads on after the first problem. */
    private static final class Reader {
        private final Source source;
        private String problem;

        Reader(Source source) {
            this.source = source;
        }

        Attributes read(String traceparent) {
            String specversion = required("specversion");
            if (specversion != null && !"1.0".equals(specversion)) {
                complain("Attribute specversion is not 1.0.");
            }
            String type = required("type");
            String id = required("id");
            String origin = required("source");
            if (origin != null && !uriReference(origin)) {
                complain("Attribute source is not a URI reference.");
                origin = null;
            }
            String correlation = optional("correlationid");
            contentType();
            return new Attributes(id, origin, type, optional("subject"), time("time"), time("expirytime"),
                    "".equals(correlation) ? null : correlation, trace(traceparent), problem);
        }

        void contentType() {
            String contentType = text("datacontenttype");
            if (contentType != null && !MediaType.parse(contentType).json()) {
                complain("The content type is not JSON in UTF-8.");
            }
        }

        private String required(String name) {
            String value = optional(name);
            if (value == null || value.isEmpty()) {
                complain("Attribute " + name + " is missing, empty or malformed.");
                return null;
            }
            return value;
        }

        private String optional(String name) {
            String value = text(name);
            if (value != null && (value.codePointCount(0, value.length()) > LONGEST
                    || value.chars().anyMatch(Character::isISOControl))) {
                complain("Attribute " + name + " is longer than " + LONGEST + " or holds a control character.");
                return null;
            }
            return value;
        }

        private Instant time(String name) {
            String value = text(name);
            if (value == null) {
                return null;
            }
            Instant time = Rfc3339.parse(value).orElse(null);
            if (time == null) {
                complain("Attribute " + name + " is not an RFC 3339 time.");
            }
            return time;
        }

        private String trace(String header) {
            String first = wellFormed(header);
            if (first != null) {
                return first;
            }
            try {
                return wellFormed(source.attribute("traceparent"));
            } catch (Refused e) {
                return null; // no text: malformed, and so ignored
            }
        }

        private String text(String name) {
            try {
                return source.attribute(name);
            } catch (Refused e) {
                complain(e.detail());
                return null;
            }
        }

        private static boolean uriReference(String text) {
            try {
                new URI(text);
                return true;
            } catch (URISyntaxException e) {
                return false;
            }
        }

        private void complain(String sentence) {
            if (problem == null) {
                problem = sentence;
            }
        }
    }
}
