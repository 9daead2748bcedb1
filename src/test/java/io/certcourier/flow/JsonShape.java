package io.certcourier.flow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

/** Whether an answer looks as its example promises: the same members, each of the same JSON type. */
final class JsonShape {

    private JsonShape() {
    }

    /**
     * Every element of a list must look like one of the example's, and every one of the example's must have been met; null may
     * stand for a value of any type.
     *
     * @return one line per difference, with its JSON pointer
     */
    static List<String> differences(JsonNode example, JsonNode answer) {
        return differences("", example, answer);
    }

    private static List<String> differences(String at, JsonNode example, JsonNode answer) {
        if (example.isNull() || answer.isNull()) {
            return List.of();
        }
        if (example.getNodeType() != answer.getNodeType()) {
            return List.of(at + " is " + answer.getNodeType() + ", its example " + example.getNodeType());
        }
        return example.isObject() ? ofMembers(at, example, answer)
                : example.isArray() ? ofElements(at, example, answer) : List.of();
    }

    private static List<String> ofMembers(String at, JsonNode example, JsonNode answer) {
        var found = new ArrayList<String>();
        var names = new TreeSet<String>();
        example.fieldNames().forEachRemaining(names::add);
        answer.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            String member = at + "/" + name;
            if (!answer.has(name)) {
                found.add(member + " is in the example only");
            } else if (!example.has(name)) {
                found.add(member + " is in the answer only");
            } else {
                found.addAll(differences(member, example.get(name), answer.get(name)));
            }
        }
        return found;
    }

    private static List<String> ofElements(String at, JsonNode example, JsonNode answer) {
        var found = new ArrayList<String>();
        if (example.isEmpty() && !answer.isEmpty()) {
            found.add(at + " is empty in the example only");
        }
        for (int i = 0; i < answer.size() && !example.isEmpty(); i++) {
            found.addAll(nearest(at + "/" + i, example, answer.get(i)));
        }
        for (int i = 0; i < example.size(); i++) {
            JsonNode one = example.get(i);
            if (streamOf(answer).noneMatch(each -> differences(at, one, each).isEmpty())) {
                found.add(at + "/" + i + " of the example looks like nothing in the answer");
            }
        }
        return found;
    }

    private static List<String> nearest(String at, JsonNode examples, JsonNode element) {
        return streamOf(examples).map(example -> differences(at, example, element)).min(Comparator.comparingInt(List::size))
                .orElseThrow();
    }

    private static Stream<JsonNode> streamOf(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
