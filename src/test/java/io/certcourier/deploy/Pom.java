package io.certcourier.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The versions that pom.xml fixes, so that files outside the build cannot drift from them. */
final class Pom {

    private Pom() {
    }

    static String version() throws IOException {
        return find("<artifactId>certcourier</artifactId>\\s*<version>([^<]+)</version>");
    }

    static String property(String name) throws IOException {
        return find("<" + Pattern.quote(name) + ">([^<]+)</");
    }

    private static String find(String regex) throws IOException {
        var matcher = Pattern.compile(regex).matcher(Files.readString(Path.of("pom.xml")));
        if (!matcher.find()) {
            throw new IOException("pom.xml has no " + regex);
        }
        return matcher.group(1);
    }
}
