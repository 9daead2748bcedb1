package io.certcourier.contract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What today's schemas take back of what a released version promised. Structure is compared where it can be compared by name
 * (fields, required, types, closed lists); conditions are covered by the examples.
 */
record Ratchet(SchemaFiles released, SchemaFiles today) {

    static final String INBOUND = "cert-renewed";
    static final List<String> OUTBOUND = List.of("cert-delivered", "cert-delivery-failed");

    /** @return one line for each broken promise; empty if producers and consumers of the release can go on */
    List<String> violations() {
        var found = new ArrayList<String>();
        inbound(INBOUND, released.schema(INBOUND), today.schema(INBOUND), found);
        for (var example : released.examples(INBOUND, "valid")) {
            today.violations(INBOUND, SchemaFiles.read(example))
                    .forEach(violation -> found.add(example.getFileName() + " is no longer accepted: " + violation));
        }
        for (var event : OUTBOUND) {
            outbound(event, released.schema(event), today.schema(event), found);
            examples(event, today, released, "breaks consumers of the release: ", found);
            examples(event, released, today, "no longer validates: ", found);
        }
        return found;
    }

    private static void examples(String event, SchemaFiles from, SchemaFiles against, String complaint, List<String> found) {
        for (Path example : from.examples(event, "valid")) {
            against.violations(event, SchemaFiles.read(example))
                    .forEach(violation -> found.add(event + " " + example.getFileName() + " " + complaint + violation));
        }
    }

    /** Producers of the release must still be understood: nothing accepted may go, nothing new may be required. */
    private static void inbound(String at, JsonNode before, JsonNode now, List<String> found) {
        names(now.path("required")).stream().filter(name -> !names(before.path("required")).contains(name))
                .forEach(name -> found.add(at + ": " + name + " is newly required"));
        vanished(before.path("enum"), now.path("enum"))
                .forEach(value -> found.add(at + ": " + value + " is no longer accepted"));
        changedType(at, before, now, found);
        before.path("properties").properties().forEach(field -> {
            var name = at + "/" + field.getKey();
            if (now.path("properties").has(field.getKey())) {
                inbound(name, field.getValue(), now.path("properties").path(field.getKey()), found);
            } else {
                found.add(name + ": is gone");
            }
        });
        inner(at, before, now, (name, old, young) -> inbound(name, old, young, found));
    }

    /** Consumers of the release must still find what they read: nothing required may go, no closed list may change. */
    private static void outbound(String at, JsonNode before, JsonNode now, List<String> found) {
        vanished(before.path("required"), now.path("required"))
                .forEach(name -> found.add(at + ": " + name + " is optional now"));
        if (!names(before.path("enum")).equals(names(now.path("enum")))) {
            found.add(at + ": the closed list has changed");
        }
        changedType(at, before, now, found);
        before.path("properties").properties().forEach(field -> {
            var name = at + "/" + field.getKey();
            if (now.path("properties").has(field.getKey())) {
                outbound(name, field.getValue(), now.path("properties").path(field.getKey()), found);
            } else {
                found.add(name + ": is gone");
            }
        });
        inner(at, before, now, (name, old, young) -> outbound(name, old, young, found));
    }

    private interface Comparison {
        void of(String at, JsonNode before, JsonNode now);
    }

    private static void inner(String at, JsonNode before, JsonNode now, Comparison comparison) {
        if (before.has("items")) {
            comparison.of(at + "[]", before.path("items"), now.path("items"));
        }
        before.path("$defs").properties().forEach(definition -> comparison.of(at + "/$defs/" + definition.getKey(),
                definition.getValue(), now.path("$defs").path(definition.getKey())));
    }

    private static void changedType(String at, JsonNode before, JsonNode now, List<String> found) {
        if (!before.path("type").equals(now.path("type"))) {
            found.add(at + ": the type has changed");
        }
        if (!before.path("$ref").equals(now.path("$ref"))) {
            found.add(at + ": refers to another definition");
        }
    }

    private static Set<String> vanished(JsonNode before, JsonNode now) {
        var vanished = names(before);
        vanished.removeAll(names(now));
        return vanished;
    }

    private static Set<String> names(JsonNode texts) {
        var names = new TreeSet<String>();
        texts.forEach(text -> names.add(text.asText()));
        return names;
    }
}
