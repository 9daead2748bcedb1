package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The bill of materials that the package phase wrote: complete, and under licences that somebody has looked at. */
class LicencesIT {

    /** They allow use and redistribution beside Apache-2.0. Of a library with several, one has to be among them. */
    private static final Set<String> ALLOWED = Set.of("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "EPL-1.0",
            "EPL-2.0", "GPL-2.0-with-classpath-exception", "MIT", "MIT-0", "Public Domain", "UPL-1.0");

    private static final Pattern CLASSIFIER = Pattern.compile("[?&]classifier=([^&]+)");
    private static final List<JsonNode> LIBRARIES = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        try (var files = Files.newDirectoryStream(Path.of("target"), "*-dependency-cyclonedx.json")) {
            for (Path file : files) {
                new ObjectMapper().readTree(file.toFile()).get("components").forEach(LIBRARIES::add);
            }
        }
    }

    private static String name(JsonNode library) {
        return library.path("group").asText() + ":" + library.path("name").asText();
    }

    private static Set<String> licences(JsonNode library) {
        var found = new TreeSet<String>();
        for (JsonNode choice : library.path("licenses")) {
            JsonNode licence = choice.path("license");
            found.add(licence.path("id").asText(licence.path("name").asText(choice.path("expression").asText())));
        }
        return found;
    }

    static boolean allowed(Set<String> licences) {
        return licences.stream().anyMatch(ALLOWED::contains);
    }

    @Test
    void every_library_of_the_image_is_in_the_bill() throws IOException {
        Set<String> known = new TreeSet<>();
        LIBRARIES.forEach(library -> known.add(library.path("group").asText() + "." + library.path("name").asText() + "-"
                + library.path("version").asText() + classifier(library) + ".jar"));
        try (var jars = Files.list(Path.of("target", "quarkus-app", "lib", "main"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString()).toList()).isNotEmpty().isSubsetOf(known);
        }
    }

    /** As it stands in the name of the file: {@code -linux-x86_64}; empty for most. */
    private static String classifier(JsonNode library) {
        var found = CLASSIFIER.matcher(library.path("purl").asText());
        return found.find() ? "-" + found.group(1) : "";
    }

    @Test
    void every_library_has_a_licence_that_is_allowed() {
        assertThat(LIBRARIES).isNotEmpty().allSatisfy(library -> assertThat(allowed(licences(library)))
                .as("%s is under %s: look at it, then allow it here or replace the library", name(library), licences(library))
                .isTrue());
    }

    @Test
    void a_licence_that_nobody_has_looked_at_is_found() {
        assertThat(allowed(Set.of("AGPL-3.0-only"))).isFalse();
        assertThat(allowed(Set.of())).isFalse();
        assertThat(allowed(Set.of("LGPL-2.1-only", "Apache-2.0"))).isTrue();
    }

    @Test
    void every_library_has_an_exact_version_and_a_hash() {
        assertThat(LIBRARIES).filteredOn(library -> !name(library).equals("io.certcourier:certcourier"))
                .allSatisfy(library -> {
                    assertThat(library.path("version").asText()).as(name(library)).matches("[0-9A-Za-z._-]+")
                            .doesNotContain("SNAPSHOT");
                    assertThat(library.path("hashes")).as(name(library)).isNotEmpty();
                });
    }
}
