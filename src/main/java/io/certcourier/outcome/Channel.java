package io.certcourier.outcome;

import java.util.List;

/** The ways by which events come in, as outcomes, tables, metrics and the API spell them. */
public final class Channel {

    /** A record of a topic. */
    public static final String KAFKA = "kafka";
    /** A request to the API. */
    public static final String HTTP = "http";
    /** A Secret that this process has found itself. */
    public static final String KUBERNETES = "kubernetes";

    public static final List<String> ALL = List.of(KAFKA, HTTP, KUBERNETES);

    private Channel() {
    }
}
