package io.certcourier.scm;

import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

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
     * time. Credentials that have run out, or that SCM has just refused, are not tried: too many refusals lock a key.
     *
     * @throws ScmFailure no answer came, or no call was made
     */
    Outcome send(ScmAccount account, ScmOperation operation, Function<ScmApi, Uni<Response>> request) {
        requireUsable(account, operation);
        ScmApi api = apis.computeIfAbsent(account.name(), name -> connections.open(account));
        long start = System.nanoTime(); // the first of an account takes seconds on a busy host, and none of them is SCM's
        SignatureClock clock = account.clock();
        if (!clock.enter(deadline)) {
            throw errors.transport(operation, new ConnectException("no call has proved the account's signature yet"));
        }
        try {
            Outcome first = once(account, operation, () -> request.apply(api), start);
            Optional<Instant> rightTime = ScmErrors.clockRefused(first) ? first.reply().date() : Optional.empty();
            if (rightTime.isEmpty() || left(start).isNegative()) {
                return learned(clock, first);
            }
            clock.follow(rightTime.get());
            return learned(clock, once(account, operation, () -> request.apply(api), start));
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

    private Outcome once(ScmAccount account, ScmOperation operation, Supplier<Uni<Response>> request, long start) {
        Duration left = left(start);
        if (left.toMillis() <= 0) {
            throw errors.transport(operation, new ConnectException("the deadline passed before the call began"));
        }
        Credentials keys = account.credentials();
        Instant signedAt = account.clock().now();
        Uni<Response> answer = request.get();
        ScmReply reply;
        try {
            reply = ScmReply.of(answer.ifNoItem().after(left).fail().await().indefinitely());
        } catch (RuntimeException e) {
            throw noted(keys, errors.transport(operation, e));
        }
        reply.date().ifPresent(account.clock()::heard);
        return noted(keys, new Outcome(reply, reply.success() ? null : errors.refusal(operation, reply, signedAt)));
    }

    private static Outcome noted(Credentials keys, Outcome outcome) {
        if (outcome.reply().status() != UNAUTHORIZED) {
            keys.accepted();
        } else if (!ScmErrors.clockRefused(outcome)) {
            keys.refused();
        }
        if (outcome.refusal() != null) {
            noted(keys, outcome.refusal().failure());
        }
        return outcome;
    }

    private static ScmFailure noted(Credentials keys, ScmFailure failure) {
        if (failure instanceof ScmFailure.Denied) {
            keys.denied();
        }
        return failure;
    }

    private void requireUsable(ScmAccount account, ScmOperation operation) {
        Credentials keys = account.credentials();
        if (account.credentialsExpired()) {
            throw noted(keys, errors.withheld(operation, "credentials-expired"));
        }
        if (keys.justRefused() && operation != ScmOperation.LIST) {
            throw noted(keys, errors.withheld(operation, "credentials-refused"));
        }
    }
}
