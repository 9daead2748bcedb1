package io.certcourier.local.scm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.vertx.core.json.JsonObject;

/** The positions of all switches; safe to turn while calls are under way. */
public final class Switches {

    private final Map<Switch, String> turned = new ConcurrentHashMap<>();

    public String get(Switch which) {
        return turned.getOrDefault(which, which.byDefault());
    }

    /** @throws IllegalArgumentException the switch does not know that value; the message is a sentence */
    public Switches set(Switch which, String value) {
        if (!which.accepts(value)) {
            throw new IllegalArgumentException("Switch " + which.label() + " has no value " + value + "; it takes "
                    + String.join(", ", which.samples()) + ".");
        }
        turned.put(which, value);
        return this;
    }

    /**
     * All or nothing.
     *
     * @throws IllegalArgumentException an unknown switch or value
     */
    void setAll(JsonObject positions) {
        var checked = new Switches();
        for (var position : positions) {
            checked.set(Switch.of(position.getKey()), String.valueOf(position.getValue()));
        }
        turned.putAll(checked.turned);
    }

    public void reset() {
        turned.clear();
    }

    boolean is(Switch which, String value) {
        return get(which).equals(value);
    }

    int number(Switch which) {
        return Integer.parseInt(get(which));
    }

    JsonObject toJson() {
        var json = new JsonObject();
        for (var which : Switch.values()) {
            json.put(which.label(), get(which));
        }
        return json;
    }
}
