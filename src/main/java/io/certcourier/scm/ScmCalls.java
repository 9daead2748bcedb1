package io.certcourier.scm;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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
        ScmApi api = apis.computeIfAbsent(account.name(), name -> connections.open(account));
        Outcome first = once(account, operation, request.apply(api), deadline);
        if (first.refusal() == null || !ScmErrors.clockRefused(first.refusal().failure()) || first.reply().date().isEmpty()) {
            return first;
        }
        account.clock().follow(first.reply().date().get());
        Duration left = deadline.minusNanos(System.nanoTime() - start);
        return left.toMillis() > 0 ? once(account, operation, request.apply(api), left) : first;
    }

    private Outcome once(ScmAccount account, ScmOperation operation, Uni<Response> request, Duration left) {
        Instant signedAt = account.clock().now();
        ScmReply reply;
        try {
            reply = ScmReply.of(request.ifNoItem().after(left).fail().await().indefinitely());
        } catch (RuntimeException e) {
            throw errors.transport(operation, e);
        }
        return new Outcome(reply, reply.success() ? null : errors.refusal(operation, reply, signedAt));
    }
}
