package io.certcourier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

class ConfigKeysTest {

    @ConfigMapping(prefix = "certcourier.sample")
    interface Sample {

        @WithDefault("16")
        int mostAtOnce();

        Optional<String> note();

        Map<String, Group> groups();

        List<Group> routes();

        interface Group {

            String endPoint();
        }
    }

    private final List<ConfigKeys.Key> keys = ConfigKeys.of(List.of(Sample.class));

    private ConfigKeys.Key key(String name) {
        return keys.stream().filter(key -> key.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void keys_are_named_as_a_person_writes_them() {
        assertThat(keys).extracting(ConfigKeys.Key::name).containsExactly("certcourier.sample.groups.*.end-point",
                "certcourier.sample.most-at-once", "certcourier.sample.note", "certcourier.sample.routes[*].end-point");
    }

    @Test
    void defaults_are_known_where_there_are_any() {
        assertThat(key("certcourier.sample.most-at-once").fallback()).isEqualTo("16");
        assertThat(key("certcourier.sample.note").fallback()).isNull();
    }

    @Test
    void environment_variables_stand_for_them() {
        assertThat(key("certcourier.sample.most-at-once").variable()).isEqualTo("CERTCOURIER_SAMPLE_MOST_AT_ONCE");
        assertThat(key("certcourier.sample.groups.*.end-point").variable())
                .isEqualTo("CERTCOURIER_SAMPLE_GROUPS_<NAME>_END_POINT");
        assertThat(key("certcourier.sample.routes[*].end-point").variable())
                .isEqualTo("CERTCOURIER_SAMPLE_ROUTES_0__END_POINT");
    }

    @Test
    void a_variable_is_recognised_whatever_name_or_index_it_has() {
        assertThat(key("certcourier.sample.groups.*.end-point").isVariable("CERTCOURIER_SAMPLE_GROUPS_PROD_CN_END_POINT"))
                .isTrue();
        assertThat(key("certcourier.sample.groups.*.end-point").isVariable("CERTCOURIER_SAMPLE_GROUPS_END_POINT")).isFalse();
        assertThat(key("certcourier.sample.routes[*].end-point").isVariable("CERTCOURIER_SAMPLE_ROUTES_12__END_POINT"))
                .isTrue();
        assertThat(key("certcourier.sample.routes[*].end-point").isVariable("CERTCOURIER_SAMPLE_ROUTES_X__END_POINT"))
                .isFalse();
        assertThat(key("certcourier.sample.note").isVariable("CERTCOURIER_SAMPLE_NOTES")).isFalse();
    }
}
