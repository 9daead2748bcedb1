package io.certcourier.ops;

import java.time.Duration;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.jdbi.v3.core.JdbiException;

import io.certcourier.outcome.Outcomes;
import io.certcourier.scm.ScmAccounts;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.health.api.HealthGroup;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

/**
 * For people, under {@code /q/health/group/dependencies}: is it us or the others. No probe may ask it, since a denied account
 * or a lost broker is no reason to restart or to stop serving.
 */
@ApplicationScoped
class DependenciesCheck {

    static final String GROUP = "dependencies";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    static final Duration LONGEST_DUE = Duration.ofMinutes(15);
    static final Duration LONGEST_UNSENT = Duration.ofMinutes(5);

    private final Dependencies dependencies;
    private final ScmAccounts credentials;
    private final Outcomes outcomes;

    DependenciesCheck(Dependencies dependencies, ScmAccounts credentials, Outcomes outcomes) {
        this.dependencies = dependencies;
        this.credentials = credentials;
        this.outcomes = outcomes;
    }

    @Produces
    @ApplicationScoped
    @HealthGroup(GROUP)
    AsyncHealthCheck scm() {
        return () -> answer("scm", this::accounts);
    }

    @Produces
    @ApplicationScoped
    @HealthGroup(GROUP)
    AsyncHealthCheck renewals() {
        return () -> answer("renewals", this::due);
    }

    @Produces
    @ApplicationScoped
    @HealthGroup(GROUP)
    AsyncHealthCheck outbox() {
        return () -> answer("outbox", this::unsent);
    }

    private HealthCheckResponseBuilder accounts() {
        var accounts = dependencies.accounts();
        var answer = HealthCheckResponse.builder()
                .status(accounts.stream().allMatch(account -> account.breaker().equals("CLOSED")));
        for (var account : accounts) {
            answer.withData(account.name() + ".breaker", account.breaker());
            if (account.lastSuccess() != null) {
                answer.withData(account.name() + ".lastSuccess", account.lastSuccess().toString());
            }
            credentials.credentialsLeft(account.name())
                    .ifPresent(left -> answer.withData(account.name() + ".credentialsSeconds", left.toSeconds()));
        }
        return answer;
    }

    private HealthCheckResponseBuilder due() {
        double oldest = dependencies.oldestDueSeconds();
        return HealthCheckResponse.builder().status(oldest < LONGEST_DUE.toSeconds()).withData("oldestDueSeconds",
                Math.round(oldest));
    }

    private HealthCheckResponseBuilder unsent() {
        var outbox = outcomes.status();
        return HealthCheckResponse.builder()
                .status(outbox.parked() == 0 && outbox.oldestSeconds() < LONGEST_UNSENT.toSeconds())
                .withData("oldestSeconds", Math.round(outbox.oldestSeconds())).withData("pending", outbox.pending())
                .withData("parked", outbox.parked());
    }

    private static Uni<HealthCheckResponse> answer(String name, Supplier<HealthCheckResponseBuilder> question) {
        return Uni.createFrom().item(() -> ask(question)).runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .ifNoItem().after(PATIENCE).recoverWithItem(DependenciesCheck::noDatabase)
                .map(answer -> answer.name(name).build());
    }

    /** A failure that comes after the patience has ended has nobody left to tell: it must be an answer too. */
    private static HealthCheckResponseBuilder ask(Supplier<HealthCheckResponseBuilder> question) {
        try {
            return question.get();
        } catch (JdbiException away) {
            return noDatabase();
        }
    }

    private static HealthCheckResponseBuilder noDatabase() {
        return HealthCheckResponse.builder().down().withData("database", "does not answer");
    }
}
