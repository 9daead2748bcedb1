package io.certcourier.fuzz;

/** What is fuzzed. */
@FunctionalInterface
public interface FuzzTarget {

    /** @throws Throwable anything but a refusal in our own words; the input is then kept as a seed */
    void judge(byte[] input) throws Throwable;
}
