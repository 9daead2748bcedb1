package io.certcourier.intake;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Where an event came in: a record of a topic, or a request.
 *
 * @param topic null for a request, like partition and offset
 * @param caller who sent the request; null for a record
 */
record Place(String topic, Integer partition, Long offset, String caller) {

    private static final int LONGEST_CALLER = 200;

    static Place record(String topic, int partition, long offset) {
        return new Place(topic, partition, offset, null);
    }

    static Place request(String caller) {
        return new Place(null, null, null, caller);
    }

    boolean isRequest() {
        return topic == null;
    }

    /** As outcomes and tables spell it. */
    String channel() {
        return isRequest() ? "http" : "kafka";
    }

    /** The source of an event that names none: its topic, or its caller, whose name may hold anything. */
    String source() {
        if (!isRequest()) {
            return "urn:certcourier:kafka:" + topic;
        }
        String name = URLEncoder.encode(caller, StandardCharsets.UTF_8).replace("+", "%20");
        return "urn:certcourier:http:" + (name.length() <= LONGEST_CALLER ? name
                : Identity.sha256Hex(caller.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return isRequest() ? "http request" : topic + "/" + partition + "/" + offset;
    }
}
