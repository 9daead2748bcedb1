package io.certcourier.bench;

/**
 * What was used, up to a moment or between two.
 *
 * @param at seconds
 * @param client CPU seconds of the contestant's processes
 * @param postgres CPU seconds of the database
 * @param broker CPU seconds of Kafka
 * @param emulator CPU seconds of the cloud
 * @param others CPU seconds of whoever else shares the machine
 * @param commits that wrote something
 * @param walBytes bytes of write-ahead log
 */
record Usage(double at, double client, double postgres, double broker, double emulator, double others, double commits,
        double walBytes) {

    Usage since(Usage earlier) {
        return new Usage(at - earlier.at, client - earlier.client, postgres - earlier.postgres, broker - earlier.broker,
                emulator - earlier.emulator, Math.max(0, others - earlier.others), commits - earlier.commits,
                walBytes - earlier.walBytes);
    }
}
