package io.certcourier.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** schemas/released/<version> holds a copy of schemas/ as each release shipped it; there is none before the first release. */
class ContractRatchetTest {

    private static final Path RELEASES = Path.of("schemas/released");

    @TempDir
    Path release;

    @BeforeEach
    void release_what_we_have_today() throws IOException {
        try (var files = Files.walk(Path.of("schemas"))) {
            for (var file : (Iterable<Path>) files.filter(file -> !file.startsWith(RELEASES))::iterator) {
                var copy = release.resolve(Path.of("schemas").relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    @Test
    void no_promise_of_a_release_is_taken_back() throws IOException {
        try (var releases = Files.isDirectory(RELEASES) ? Files.list(RELEASES) : Stream.<Path> empty()) {
            assertThat(releases).allSatisfy(
                    folder -> assertThat(new Ratchet(new SchemaFiles(folder), SchemaFiles.ours()).violations()).isEmpty());
        }
    }

    @Test
    void unchanged_contract_keeps_its_promises() {
        assertThat(violationsSince(release)).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1} was {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            // what the release had in place of today's text, and what the ratchet says of today
            "cert-renewed | \"required\": [\"certificateName\", \"certificatePem\"] | \"required\": [\"certificateName\"] | cert-renewed: certificatePem is newly required",
            "cert-renewed | \"always\"] | \"always\", \"never\"] | cert-renewed/redeliver: never is no longer accepted",
            "cert-renewed | \"requestedBy\": | \"askedBy\": | cert-renewed/askedBy: is gone",
            "cert-delivered | \"attempts\"] | \"attempts\", \"project\"] | cert-delivered/$defs/target: project is optional now",
            "cert-delivered | \"commonName\": | \"subject\": | cert-delivered/$defs/certificate/subject: is gone",
            "cert-delivered | \"serialNumber\": { \"type\": \"string\" | \"serialNumber\": { \"type\": \"integer\" | cert-delivered/$defs/certificate/serialNumber: the type has changed",
            "cert-delivered | [\"SUCCEEDED\", \"UNCHANGED\"] | [\"SUCCEEDED\"] | cert-delivered/outcome: the closed list has changed",
            "cert-delivery-failed | \"supersededBy\": { \"$ref\": \"#/$defs/uuid\" } | \"supersededBy\": { \"$ref\": \"#/$defs/name\" } | cert-delivery-failed/supersededBy: refers to another definition",
    })
    void broken_promise_is_named(String event, String today, String then, String complaint) throws IOException {
        replace(release.resolve(event + ".schema.json"), today, then);

        assertThat(violationsSince(release)).contains(complaint);
    }

    @Test
    void example_that_was_accepted_is_accepted_for_ever() throws IOException {
        var example = release.resolve("examples/cert-renewed/valid/minimal.json");
        Files.copy(release.resolve("examples/cert-renewed/invalid/account-is-url.json"), example,
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(violationsSince(release)).singleElement().asString()
                .startsWith("minimal.json is no longer accepted: /account");
    }

    @Test
    void new_outcome_must_suit_the_consumers_of_the_release() throws IOException {
        replace(release.resolve("cert-delivered.schema.json"), "\"maxLength\": 64 },\n        \"name\"",
                "\"maxLength\": 4 },\n        \"name\"");

        assertThat(violationsSince(release)).anyMatch(line -> line.contains("succeeded.json breaks consumers of the release"));
    }

    private static List<String> violationsSince(Path release) {
        return new Ratchet(new SchemaFiles(release), SchemaFiles.ours()).violations();
    }

    private static void replace(Path file, String today, String then) throws IOException {
        var text = Files.readString(file);
        assertThat(text).contains(today);
        Files.writeString(file, text.replace(today, then));
    }
}
