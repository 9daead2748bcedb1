package io.certcourier.outcome;

import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.Config;

/** Where outcomes go. A topic has its channel's name unless the channel's own {@code topic} key says otherwise. */
@Singleton
class OutcomeTopics {

    static final String DELIVERED_CHANNEL = "cert-delivered";
    static final String DELIVERY_FAILED_CHANNEL = "cert-delivery-failed";
    static final String DEAD_LETTER_CHANNEL = "cert-renewed-dlq";

    private final String delivered;
    private final String deliveryFailed;
    private final String deadLetters;

    OutcomeTopics(Config config) {
        this.delivered = topic(config, DELIVERED_CHANNEL);
        this.deliveryFailed = topic(config, DELIVERY_FAILED_CHANNEL);
        this.deadLetters = topic(config, DEAD_LETTER_CHANNEL);
    }

    String delivered() {
        return delivered;
    }

    String deliveryFailed() {
        return deliveryFailed;
    }

    String deadLetters() {
        return deadLetters;
    }

    private static String topic(Config config, String channel) {
        return config.getOptionalValue("mp.messaging.outgoing." + channel + ".topic", String.class).orElse(channel);
    }
}
