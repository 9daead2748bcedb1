package io.certcourier.certificate;

import static io.certcourier.certificate.TargetService.CDN;
import static io.certcourier.certificate.TargetService.ELB;
import static io.certcourier.certificate.TargetService.WAF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

    static Stream<Arguments> forms() {
        return Stream.of(Arguments.of("CDN", new Target(CDN, "")),
                Arguments.of("ELB@cn-north-4", new Target(ELB, "cn-north-4")),
                Arguments.of("WAF@cn-north-4_shop", new Target(WAF, "cn-north-4_shop")));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void a_target_is_written_as_it_is_read(String text, Target target) {
        assertThat(Target.parse(text)).isEqualTo(target);
        assertThat(target).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "cdn", "CDN@cn-north-4", "ELB", "ELB@", "WAF", "@cn-north-4", "SLB@cn-north-4",
            "ELB cn-north-4" })
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> Target.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_project_has_at_most_64_characters() {
        assertThat(new Target(ELB, "p".repeat(64)).project()).hasSize(64);
        assertThatThrownBy(() -> new Target(ELB, "p".repeat(65))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void targets_are_sorted_by_service_then_project() {
        TreeSet<Target> sorted = new TreeSet<>();

        Stream.of("WAF@a", "ELB@b", "CDN", "ELB@a", "ELB@b").map(Target::parse).forEach(sorted::add);

        assertThat(sorted).extracting(Target::toString).containsExactly("CDN", "ELB@a", "ELB@b", "WAF@a");
    }

    @ParameterizedTest
    @EnumSource
    void only_cdn_has_no_projects(TargetService service) {
        assertThat(service.hasProject()).isEqualTo(service != CDN);
    }
}
