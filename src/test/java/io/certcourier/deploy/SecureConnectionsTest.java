package io.certcourier.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

/** What docs/secure-connections.md tells people to set is read by the service. */
class SecureConnectionsTest {

    private static final Pattern VARIABLE = Pattern.compile("\\b(?:CERTCOURIER|KAFKA|QUARKUS)_[A-Z0-9_]+");

    @Test
    void every_variable_that_the_document_names_is_read() throws IOException {
        List<String> named = VARIABLE.matcher(Files.readString(Path.of("docs/secure-connections.md"))).results()
                .map(MatchResult::group).distinct().toList();

        assertThat(named).hasSizeGreaterThan(10).allMatch(ConfigurationKeys::read);
    }
}
