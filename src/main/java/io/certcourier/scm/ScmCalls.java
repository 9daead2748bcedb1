package io.certcourier.scm;

import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

import io.smallrye.mutiny.Uni;

/** Makes one call within one deadline and says what became of it. */
@ApplicationScoped
class ScmCalls {

    /** @param refusal null if the reply is a success */
    record Outcome(ScmReply reply, ScmErrors.Refusal refusal) {
    }

    private static final int UNAUTHORIZED = 401;

    private final ScmConnections connections;
    private final ScmErrors errors;
    private final Duration deadline;
    private final Map<String, ScmApi> apis = new ConcurrentHashMap<>();

    ScmCalls(ScmConnections connections, ScmErrors errors, ScmConfig config) {
        this.connections = connections;
        this.errors = errors;
        this.deadline = config.callDeadline();
    }

    /**
     * Sends the request, once; a second time only if it was refused because our clock is wrong and the answer told the right
     * time.
     *
     * @throws ScmFailure no answer came
     */
    Outcome send(ScmAccount account, ScmOperation operation, Function<ScmApi, Uni<Response>> request) {
        long start = System.nanoTime();
        SignatureClock clock = account.clock();
        if (!clock.enter(deadline)) {
            throw errors.transport(operation, new ConnectException("no call has proved the account's signature yet"));
        }
        try {
            Outcome first = once(account, operation, request, start);
            Optional<Instant> rightTime = ScmErrors.clockRefused(first) ? first.reply().date() : Optional.empty();
            if (rightTime.isEmpty() || left(start).isNegative()) {
                return learned(clock, first);
            }
            clock.follow(rightTime.get());
            return learned(clock, once(account, operation, request, start));
        } finally {
            clock.leave();
        }
    }

    private static Outcome learned(SignatureClock clock, Outcome outcome) {
        if (outcome.reply().status() == UNAUTHORIZED) {
            clock.refused();
        } else {
            clock.accepted();
        }
        return outcome;
    }

    private Duration left(long start) {
        return deadline.minusNanos(System.nanoTime() - start);
    }

    private Outcome once(ScmAccount account, ScmOperation operation, Function<ScmApi, Uni<Response>> request, long start) {
        ScmApi api = apis.computeIfAbsent(account.name(), name -> connections.open(account));
        Instant signedAt = account.clock().now();
        Uni<Response> answer = request.apply(api);
        ScmReply reply;
        try {
            reply = ScmReply.of(answer.ifNoItem().after(left(start)).fail().await().indefinitely());
        } catch (RuntimeException e) {
            throw errors.transport(operation, e);
        }
        return new Outcome(reply, reply.success() ? null : errors.refusal(operation, reply, signedAt));
    }
}
