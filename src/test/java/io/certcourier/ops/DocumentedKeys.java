package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.smallrye.config.ConfigMapping;

/** Every key of every @ConfigMapping of ours, as documents and manifests speak of it. */
public final class DocumentedKeys {

    private static final Path SOURCES = Path.of("src/main/java");

    private DocumentedKeys() {
    }

    /**
     * @param name as a person writes it: {@code <name>} stands for a chosen name, {@code [0]} for an index
     * @param fallback the default; "none" if the key may be absent, "**required**" if it must not
     * @param sentence what it does, from the method's javadoc
     */
    public record DocumentedKey(String name, String variable, String type, String fallback, String sentence) {
    }

    /** Sorted by name. */
    public static List<DocumentedKey> all() {
        return keys().stream().map(key -> new DocumentedKey(key.name().replace("[*]", "[0]").replace("*", "<name>"),
                key.variable(), type(key.method().getGenericReturnType()), fallback(key), sentence(key.method()))).toList();
    }

    /** Whether a key of ours reads this environment variable. */
    public static boolean read(String variable) {
        return keys().stream().anyMatch(key -> key.isVariable(variable));
    }

    /** A list of values has a second name with an index, which nobody needs. */
    private static List<ConfigKeys.Key> keys() {
        return ConfigKeys.of(mappings()).stream().filter(key -> !key.name().endsWith("[*]")).toList();
    }

    private static String fallback(ConfigKeys.Key key) {
        boolean optional = Optional.class.equals(key.method().getReturnType());
        return key.fallback() != null ? "`" + key.fallback() + "`" : optional ? "none" : "**required**";
    }

    private static String type(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type inner = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            return type(inner) + (Collection.class.isAssignableFrom((Class<?>) generic.getRawType()) ? ", list" : "");
        }
        var simple = (Class<?>) type;
        if (simple.isEnum()) {
            return Arrays.stream(simple.getEnumConstants()).map(c -> "`" + c.toString().toLowerCase(Locale.ROOT) + "`")
                    .collect(Collectors.joining(", "));
        }
        var names = Map.<Class<?>, String> of(int.class, "number", Integer.class, "number", boolean.class, "true or false",
                Duration.class, "duration", Path.class, "file", String.class, "text");
        return names.getOrDefault(simple, simple.getSimpleName());
    }

    /** From the javadoc above the method; the compiler keeps none. */
    private static String sentence(Method method) {
        String source = source(method.getDeclaringClass());
        Matcher body = Pattern.compile("interface " + method.getDeclaringClass().getSimpleName() + " \\{").matcher(source);
        assertThat(body.find()).isTrue();
        Matcher found = Pattern
                .compile("/\\*\\*((?:(?!\\*/).)*)\\*/(?:(?!/\\*\\*|;).)*\\b" + method.getName() + "\\(\\);", Pattern.DOTALL)
                .matcher(source);
        assertThat(found.find(body.end())).as("javadoc of %s", method).isTrue();
        return found.group(1).replaceAll("\\s*\\n\\s*\\*\\s?", " ").replaceAll("\\{@code ([^}]*)}", "`$1`").replace("|", "\\|")
                .strip();
    }

    private static String source(Class<?> type) {
        Class<?> outer = type;
        while (outer.getDeclaringClass() != null) {
            outer = outer.getDeclaringClass();
        }
        try {
            return Files.readString(SOURCES.resolve(outer.getName().replace('.', '/') + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The interfaces of all packages, in whatever package a new one is written. */
    static Set<Class<?>> mappings() {
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                if (Files.readString(file).contains("@ConfigMapping(")) {
                    String name = SOURCES.relativize(file).toString().replace('/', '.');
                    found.add(Class.forName(name.substring(0, name.length() - ".java".length())));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return found.stream().filter(type -> type.isAnnotationPresent(ConfigMapping.class)).collect(Collectors.toSet());
    }
}
