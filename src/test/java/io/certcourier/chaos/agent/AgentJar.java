package io.certcourier.chaos.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import net.bytebuddy.ByteBuddy;

/** Builds an agent's jar from the classes of this package; Byte Buddy stays where the class path has it. */
public final class AgentJar {

    private static final List<Class<?>> STRIKE = List.of(StrikeAgent.class, StrikeAgent.AtEntry.class,
            StrikeAgent.AtReturn.class, Strike.class, StrikeOrder.class, StrikeOrder.Blow.class);
    private static final List<Class<?>> CLOCK = List.of(ClockAgent.class);

    private AgentJar() {
    }

    /** To be put behind {@code -javaagent:}, with {@code =} and {@link StrikeOrder#argument()}. */
    public static Path strike(Path jar) {
        return build(jar, StrikeAgent.class, STRIKE);
    }

    /** To be put behind {@code -javaagent:}, with {@code =} and an ISO duration such as PT-1H. */
    public static Path clock(Path jar) {
        return build(jar, ClockAgent.class, CLOCK);
    }

    private static Path build(Path jar, Class<?> agent, List<Class<?>> content) {
        var manifest = new Manifest();
        var attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(new Attributes.Name("Premain-Class"), agent.getName());
        attributes.put(Attributes.Name.CLASS_PATH, byteBuddy().toUri().toString());
        try {
            Files.createDirectories(jar.toAbsolutePath().getParent());
            try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                for (var type : content) {
                    add(out, type.getName().replace('.', '/') + ".class");
                }
                // the compiler's own class for the switch over Blow
                add(out, Strike.class.getName().replace('.', '/') + "$1.class");
            }
            return jar.toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(JarOutputStream out, String name) throws IOException {
        try (InputStream bytes = AgentJar.class.getClassLoader().getResourceAsStream(name)) {
            if (bytes != null) {
                out.putNextEntry(new JarEntry(name));
                bytes.transferTo(out);
                out.closeEntry();
            }
        }
    }

    private static Path byteBuddy() {
        try {
            return Path.of(ByteBuddy.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
