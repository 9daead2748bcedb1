package io.certcourier.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** What several rounds say of one figure. */
record Spread(double median, double least, double most) {

    static Spread of(DoubleStream values) {
        double[] sorted = values.filter(value -> !Double.isNaN(value)).sorted().toArray();
        return sorted.length == 0 ? new Spread(Double.NaN, Double.NaN, Double.NaN)
                : new Spread(
                        Arrays.stream(sorted).skip((sorted.length - 1) / 2).limit(2 - sorted.length % 2).average()
                                .orElseThrow(),
                        sorted[0], sorted[sorted.length - 1]);
    }

    @Override
    public String toString() {
        return Double.isNaN(median) ? "not measured" : "%s (%s to %s)".formatted(number(median), number(least), number(most));
    }

    static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }
}
