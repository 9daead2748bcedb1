package io.certcourier.intake;

import static io.certcourier.intake.ReaderBuilder.aRoute;
import static io.certcourier.outcome.ReasonCode.ACCOUNT_UNKNOWN;
import static io.certcourier.outcome.ReasonCode.NO_TARGET;
import static io.certcourier.outcome.ReasonCode.TARGET_NOT_ALLOWED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.certcourier.certificate.Target;
import io.certcourier.outcome.ReasonCode;

class TargetRoutesTest {

    private static final Target CDN = Target.parse("CDN");
    private static final Target ELB = Target.parse("ELB@cn-north-4");

    private final Map<String, Set<Target>> accounts = Map.of("prod", Set.of(CDN, ELB), "test", Set.of(CDN), "default",
            Set.of(CDN));

    @ParameterizedTest
    @CsvSource({
            "shop/*, shop/www, true", "shop/*, stop/www, false", "*, anything/at.all, true", "shop/www, shop/www, true",
            "shop/ww?, shop/www, true", "shop/ww?, shop/ww, false", "shop.www, shopxwww, false", "SHOP/*, shop/www, true",
            "[a]*, [a]b, true", "*.example.com, shop, true", "*.EXAMPLE.com, shop, true", "example.com, shop, false" })
    void a_glob_matches_the_whole_name_or_a_dns_name(String match, String certificateName, boolean fits) {
        var routes = routes(aRoute(match, "prod", "CDN"));

        var destination = routes.destination(certificateName, null, List.of("www.example.com"));

        assertThat(destination.account()).isEqualTo(fits ? "prod" : "default");
        assertThat(destination.targets()).isEqualTo(fits ? Set.of(CDN) : Set.of());
    }

    @Test
    void the_first_route_that_matches_decides() {
        var routes = routes(aRoute("other", "test", "CDN"), aRoute("shop/*", "prod", "ELB@cn-north-4"),
                aRoute("*", "test", "CDN"));

        assertThat(routes.destination("shop/www", null, List.of()))
                .isEqualTo(new TargetRoutes.Destination("prod", Set.of(ELB)));
    }

    @Test
    void a_route_of_another_account_than_the_events_is_passed_over() {
        var routes = routes(aRoute("*", "test", "CDN"), aRoute("*", null, "ELB@cn-north-4"));

        assertThat(routes.destination("shop/www", "prod", List.of()))
                .isEqualTo(new TargetRoutes.Destination("prod", Set.of(ELB)));
    }

    @Test
    void a_route_may_leave_the_account_open() {
        var routes = routes(aRoute("*", null, "CDN"));

        assertThat(routes.destination("shop/www", null, List.of()).account()).isEqualTo("default");
    }

    @Test
    void targets_of_the_event_go_before_those_of_the_route() {
        var routes = routes(aRoute("*", "prod", "CDN"));
        var destination = routes.destination("shop/www", null, List.of());

        assertThat(routes.targets(List.of(new CertRenewed.Target("ELB", "cn-north-4")), destination)).containsExactly(ELB);
        assertThat(routes.targets(null, destination)).containsExactly(CDN);
    }

    @Test
    void targets_are_sorted_and_each_is_there_once() {
        var wanted = List.of(new CertRenewed.Target("ELB", "cn-north-4"), new CertRenewed.Target("CDN", null),
                new CertRenewed.Target("ELB", "cn-north-4"));

        assertThat(routes().targets(wanted, new TargetRoutes.Destination("prod", Set.of()))).containsExactly(CDN, ELB);
    }

    @Test
    void policy_refuses_in_the_order_account_target_allow_list() {
        var routes = routes(aRoute("open", null, "ELB@cn-north-4"));
        var cdn = List.of(new CertRenewed.Target("CDN", null));
        var live = List.of(new CertRenewed.Target("LIVE", "cn-north-4"));

        refused(ACCOUNT_UNKNOWN, () -> routes.targets(cdn, routes.destination("x", "nosuch", List.of())));
        refused(NO_TARGET, () -> routes.targets(null, routes.destination("x", "prod", List.of())));
        refused(TARGET_NOT_ALLOWED, () -> routes.targets(live, routes.destination("x", "prod", List.of())));
        refused(TARGET_NOT_ALLOWED, () -> routes.targets(null, routes.destination("open", "test", List.of())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "prod | ELB | certcourier.intake.routes[1].targets: 'ELB' is no target",
            "prod | LIVE | certcourier.intake.routes[1].targets: 'LIVE' is no target",
            "nosuch | CDN | certcourier.intake.routes[1].account: no account 'nosuch'",
            "test | ELB@cn-north-4 | certcourier.intake.routes[1].targets: ELB@cn-north-4 is not on the allow list" })
    void a_route_that_cannot_work_ends_the_start_with_the_name_of_its_key(String account, String target, String sentence) {
        assertThatThrownBy(() -> routes(aRoute("a", "prod", "CDN"), aRoute("b", account, target)))
                .isInstanceOf(IllegalStateException.class).hasMessageStartingWith(sentence);
    }

    private TargetRoutes routes(IntakeConfig.Route... routes) {
        return new TargetRoutes(List.of(routes), account -> Optional.ofNullable(accounts.get(account)));
    }

    private static void refused(ReasonCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Refused.class,
                refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
