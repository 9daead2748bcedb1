package io.certcourier.intake;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import io.certcourier.outcome.Channel;

/**
 * Where an event came in: a record of a topic, a request, or a Secret of Kubernetes that this process has found itself.
 *
 * @param channel one of {@link Channel#ALL}
 * @param topic null unless it is a record, like partition and offset
 * @param caller who sent the request, or which part of this process found the Secret; null for a record
 */
record Place(String channel, String topic, Integer partition, Long offset, String caller) {

    private static final int LONGEST_CALLER = 200;

    static Place record(String topic, int partition, long offset) {
        return new Place(Channel.KAFKA, topic, partition, offset, null);
    }

    static Place request(String caller) {
        return new Place(Channel.HTTP, null, null, null, caller);
    }

    static Place found(String finder) {
        return new Place(Channel.KUBERNETES, null, null, null, finder);
    }

    boolean isRecord() {
        return topic != null;
    }

    /** Nobody sent it, so nothing of it was on a wire of ours. */
    boolean wasFound() {
        return channel.equals(Channel.KUBERNETES);
    }

    /** The source of an event that names none: its topic, or its caller, whose name may hold anything. */
    String source() {
        if (isRecord()) {
            return "urn:certcourier:kafka:" + topic;
        }
        String name = URLEncoder.encode(caller, StandardCharsets.UTF_8).replace("+", "%20");
        return "urn:certcourier:" + channel + ":" + (name.length() <= LONGEST_CALLER ? name
                : Identity.sha256Hex(caller.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return isRecord() ? topic + "/" + partition + "/" + offset : wasFound() ? "kubernetes secret" : "http request";
    }
}
