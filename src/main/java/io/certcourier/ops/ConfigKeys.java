package io.certcourier.ops;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;

/** The keys that configuration mappings read, as a person writes them. */
final class ConfigKeys {

    private ConfigKeys() {
    }

    /**
     * @param name {@code *} stands for a name that a person chooses, {@code [*]} for an index
     * @param method the mapping's method that reads it
     * @param fallback null if there is none
     */
    record Key(String name, Method method, String fallback) {

        /** The environment variable that stands for the key: upper case, an underscore for all that is no letter or digit. */
        String variable() {
            return name.replace("[*]", "[0]").replace("*", "<NAME>").replaceAll("[^A-Za-z0-9<>]", "_").toUpperCase(Locale.ROOT);
        }

        boolean isVariable(String variable) {
            String pattern = name.toUpperCase(Locale.ROOT).replace("[*]", "[#]").replaceAll("[^A-Z0-9#*]", "_")
                    .replace("#", "[0-9]+").replace("*", "[A-Z0-9_]+");
            return Pattern.matches(pattern, variable);
        }
    }

    /** Sorted by name. */
    static List<Key> of(Collection<Class<?>> mappings) {
        return mappings.stream().map(ConfigClass::configClass)
                .flatMap(mapping -> ConfigMappings.getProperties(mapping).entrySet().stream())
                .map(entry -> new Key(entry.getKey(), entry.getValue().getMethod(), fallback(entry.getValue())))
                .sorted(Comparator.comparing(Key::name)).toList();
    }

    private static String fallback(Property property) {
        return property.hasDefaultValue() ? property.getDefaultValue() : null;
    }
}
