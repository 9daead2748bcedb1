package io.certcourier.bench;

import java.util.Arrays;

/** When a client's renewals ended, counted from the first event; travels between processes as a line. */
final class Timing {

    private final long start = System.nanoTime();
    private final long[] millis;
    private int ended;

    Timing(int renewals) {
        this.millis = new long[renewals];
    }

    /** @return true if it was the last */
    boolean ended() {
        return ended((System.nanoTime() - start) / 1_000_000);
    }

    /** @param after milliseconds from its event */
    boolean ended(long after) {
        millis[ended++] = after;
        return ended == millis.length;
    }

    /** Milliseconds of every renewal, separated by spaces. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int i = 0; i < ended; i++) {
            text.append(i == 0 ? "" : " ").append(millis[i]);
        }
        return text.toString();
    }

    /** Ascending. */
    static long[] parse(String line) {
        return Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).sorted().toArray();
    }
}
