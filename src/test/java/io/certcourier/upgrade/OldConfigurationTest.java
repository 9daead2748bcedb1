package io.certcourier.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.certcourier.ops.DocumentedKeys;
import io.certcourier.ops.DocumentedKeys.DocumentedKey;

/** A key that a released version had is known; that the service starts with all of them shows {@link UpgradeIT}. */
class OldConfigurationTest {

    static java.util.List<String> versions() {
        return OldConfiguration.versions();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void every_key_of_it_is_known(String version) {
        var known = DocumentedKeys.all().stream().map(DocumentedKey::name).collect(Collectors.toSet());
        var keys = OldConfiguration.read(version).keySet().stream()
                .map(key -> key.replaceFirst("\\.accounts\\.[^.]+\\.", ".accounts.<name>.")).collect(Collectors.toSet());

        assertThat(keys).hasSizeGreaterThan(40).isSubsetOf(known);
    }
}
