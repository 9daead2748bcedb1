package io.certcourier.chaos;

/** What a run draws by chance is drawn from this; printed, to be repeated with {@code -Dseed=}. */
final class Seed {

    private static final long VALUE = read();

    private Seed() {
    }

    private static long read() {
        String given = System.getProperty("chaos.seed", "");
        long seed = given.isBlank() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("seed " + seed);
        return seed;
    }

    static long value() {
        return VALUE;
    }
}
