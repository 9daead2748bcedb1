package io.certcourier.intake;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A media type as content-type headers carry it.
 *
 * @param name type and subtype in lower case, without parameters
 * @param utf8 false if a charset is named that is not UTF-8
 */
record MediaType(String name, boolean utf8) {

    private static final Pattern JSON = Pattern.compile("(application|text)/json|[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+\\+json");

    static MediaType parse(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split(";");
        boolean utf8 = true;
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("charset=")) {
                utf8 = parameter.substring("charset=".length()).replace("\"", "").equals("utf-8");
            }
        }
        return new MediaType(parts.length == 0 ? "" : parts[0].strip(), utf8);
    }

    boolean json() {
        return utf8 && JSON.matcher(name).matches();
    }

    boolean structuredEvent() {
        return "application/cloudevents+json".equals(name);
    }

    /** A batch, Avro, Protobuf: CloudEvents in a form that is not read here. */
    boolean otherEvent() {
        return name.startsWith("application/cloudevents") && !structuredEvent();
    }
}
