package io.certcourier.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * What the service tells at one moment.
 *
 * @param answers the latest of each path
 * @param before the metrics when the situation began
 */
record Sight(Map<String, Answer> answers, Scrape now, Scrape before) {

    /** @param status 0 if nobody answered in time */
    record Answer(int status, String body) {

        boolean isUp() {
            return status == 200;
        }

        /** Missing where the body is none. */
        JsonNode json() {
            try {
                return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    Answer answer(String path) {
        return answers.get(path);
    }

    /** Whether this check of a health path is DOWN. */
    boolean isDown(String path, String check) {
        return any(answer(path).json().path("checks"),
                one -> one.path("name").asText().equals(check) && one.path("status").asText().equals("DOWN"));
    }

    /** Whether a list that the API answers holds such an element. */
    boolean lists(String path, Predicate<JsonNode> wanted) {
        return answer(path).isUp() && any(answer(path).json(), wanted);
    }

    static boolean any(JsonNode list, Predicate<JsonNode> wanted) {
        return StreamSupport.stream(list.spliterator(), false).anyMatch(wanted);
    }

    /** As increase() over a window in which nothing else happened. */
    double increase(String counter, String... matchers) {
        return now.values(counter, matchers).sum() - before.values(counter, matchers).sum();
    }

    /** 0 if there is no such series. */
    double max(String gauge, String... matchers) {
        return now.values(gauge, matchers).max().orElse(0);
    }

    boolean isAbsent(String series) {
        return now.values(series).findAny().isEmpty();
    }
}
