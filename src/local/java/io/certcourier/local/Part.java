package io.certcourier.local;

import java.util.Locale;

/** What listens on a port in the local run. */
enum Part {

    KAFKA("the broker", 9092),
    POSTGRES("the database", 5432),
    SCM("the SCM emulator", 18080),
    HTTP("the service's API", 8080),
    MANAGEMENT("the service's health and metrics", 9000);

    private final String words;
    private final int usualPort;

    Part(String words, int usualPort) {
        this.words = words;
        this.usualPort = usualPort;
    }

    String words() {
        return words;
    }

    int usualPort() {
        return usualPort;
    }

    /** As in -Dport.kafka and -Dlocal.only=kafka. */
    String option() {
        return name().toLowerCase(Locale.ROOT);
    }
}
