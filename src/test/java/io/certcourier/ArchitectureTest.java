package io.certcourier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

import io.quarkus.test.junit.QuarkusTest;

/** The arrows between the packages, and the rules that a reader relies on. */
class ArchitectureTest {

    private static final String BASE = "io.certcourier.";
    private static final Set<String> PACKAGES = Set.of("certificate", "intake", "renewal", "scm", "outcome", "ops",
            "certmanager");

    /** Who may look into whom; nothing else. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "ops", Set.of("renewal", "outcome", "scm", "intake", "certmanager"),
            "certmanager", Set.of("intake", "outcome"),
            "intake", Set.of("renewal", "outcome", "certificate"),
            "renewal", Set.of("scm", "outcome", "certificate"),
            "scm", Set.of("certificate"),
            "outcome", Set.of(),
            "certificate", Set.of());

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.certcourier");
    private static final JavaClasses LOCAL = new ClassFileImporter().withImportOption(ArchitectureTest::isLocalPlatform)
            .importPackages("io.certcourier.local");

    private static boolean isLocalPlatform(Location location) {
        return location.contains("/io/certcourier/local/") && !location.contains("Test.class")
                && !location.contains("IT.class");
    }

    @Test
    void packages_look_only_where_the_arrows_point() {
        for (var arrow : ARROWS.entrySet()) {
            for (String other : PACKAGES) {
                if (!other.equals(arrow.getKey()) && !arrow.getValue().contains(other)) {
                    noClasses().that().resideInAPackage(BASE + arrow.getKey()).should().dependOnClassesThat()
                            .resideInAPackage(BASE + other)
                            .check(MAIN);
                }
            }
        }
    }

    @Test
    void packages_have_no_cycle() {
        slices().matching("io.certcourier.(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void a_wrong_arrow_would_be_found() {
        var rule = noClasses().that().resideInAPackage(BASE + "intake").should().dependOnClassesThat()
                .resideInAPackage(BASE + "renewal");

        assertThatThrownBy(() -> rule.check(MAIN)).isInstanceOf(AssertionError.class);
    }

    @Test
    void the_certificate_package_imports_the_jdk_only() {
        classes().that().resideInAPackage(BASE + "certificate").should().onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax..", BASE + "certificate").check(MAIN);
    }

    @Test
    void only_the_scm_package_speaks_http_to_the_cloud() {
        noClasses().that().resideOutsideOfPackage(BASE + "scm").should().dependOnClassesThat()
                .resideInAnyPackage("jakarta.ws.rs.client..", "org.eclipse.microprofile.rest.client..",
                        "io.quarkus.rest.client..")
                .check(MAIN);
    }

    @Test
    void transactions_open_only_where_a_reader_expects_them() {
        noClasses().that().haveSimpleNameNotEndingWith("Store").and().doNotHaveSimpleName("Claims").and()
                .doNotHaveSimpleName("Looks")
                .and().doNotHaveSimpleName("CallBudget").and().doNotHaveSimpleName("AccountBreaker").and()
                .doNotHaveSimpleName("RecentCertificates").and().doNotHaveSimpleName("OutboxRelay").and()
                .resideOutsideOfPackages(BASE + "ops", BASE + "intake", BASE + "outcome").should().dependOnClassesThat()
                .areAssignableTo(Jdbi.class).check(MAIN);
    }

    @Test
    void time_comes_from_the_clock_that_tests_can_set() {
        noClasses().that().doNotHaveSimpleName("SystemClock").should().callMethod(Instant.class, "now").orShould()
                .callMethod(System.class, "currentTimeMillis").check(MAIN);
    }

    @Test
    void no_name_says_nothing() {
        noClasses().should().haveSimpleNameEndingWith("Util").orShould().haveSimpleNameEndingWith("Utils").orShould()
                .haveSimpleNameEndingWith("Helper").orShould().haveSimpleNameEndingWith("Manager").orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould().haveSimpleNameEndingWith("Dto").check(MAIN);
    }

    @Test
    void the_local_platform_shares_no_code_with_the_product() {
        noClasses().that().resideInAPackage("io.certcourier.local..").should().dependOnClassesThat()
                .resideInAnyPackage(PACKAGES.stream().map(BASE::concat).toArray(String[]::new)).check(LOCAL);
    }

    /** There is one service in the JVM of the tests: only what has processes of its own may run beside it. */
    @Test
    void tests_of_the_service_in_their_own_jvm_run_one_after_the_other() {
        DescribedPredicate<JavaAnnotation<?>> sameThread = DescribedPredicate.describe("@Execution(SAME_THREAD)",
                annotation -> annotation.getRawType().isEquivalentTo(Execution.class)
                        && annotation.as(Execution.class).value() == ExecutionMode.SAME_THREAD);

        classes().that().areAnnotatedWith(QuarkusTest.class).should().beAnnotatedWith(sameThread)
                .check(new ClassFileImporter().importPackages("io.certcourier.flow"));
    }

    /** Fault points are woven into a process by an agent of the tests: what is not there, nobody can switch on. */
    @Test
    void the_product_has_no_hook_that_could_end_or_stop_it() {
        noClasses().should().callMethod(Runtime.class, "halt", int.class).orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould().callMethod(System.class, "exit", int.class).orShould().callMethod(Thread.class, "sleep", long.class)
                .orShould().dependOnClassesThat().resideInAnyPackage("java.lang.instrument..", "net.bytebuddy..",
                        "com.sun.tools.attach..", "io.certcourier.chaos..", "io.certcourier.local..")
                .check(MAIN);
    }
}
