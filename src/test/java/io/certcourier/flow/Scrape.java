package io.certcourier.flow;

import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** One answer of /q/metrics, to be asked as a rule asks Prometheus. */
record Scrape(List<Sample> samples) {

    record Sample(String series, Map<String, String> labels, double value) {
    }

    private static final Pattern LINE = Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    static Scrape of(String text) {
        return new Scrape(LINE.matcher(text).results().map(Scrape::sample).toList());
    }

    private static Sample sample(MatchResult line) {
        var labels = LABEL.matcher(line.group(2) == null ? "" : line.group(2)).results()
                .collect(Collectors.toMap(label -> label.group(1), label -> label.group(2)));
        return new Sample(line.group(1), labels, Double.parseDouble(line.group(3).replace("Inf", "Infinity")));
    }

    /** @param matchers names of labels, each followed by the expression that its whole value must match */
    DoubleStream values(String series, String... matchers) {
        return samples.stream().filter(sample -> sample.series.equals(series) && matches(sample, matchers))
                .mapToDouble(Sample::value);
    }

    private static boolean matches(Sample sample, String... matchers) {
        for (int i = 0; i < matchers.length; i += 2) {
            if (!sample.labels.getOrDefault(matchers[i], "").matches(matchers[i + 1])) {
                return false;
            }
        }
        return true;
    }
}
