package io.certcourier.renewal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;

import io.certcourier.certificate.Target;
import io.certcourier.outcome.LogKeys;
import io.certcourier.renewal.Claim.Intent;
import io.certcourier.scm.PushResult;
import io.certcourier.scm.ScmClient;
import io.certcourier.scm.ScmFailure;
import io.opentelemetry.context.Context;

/** Makes the calls of one push step at the same time, so that a step takes as long as its slowest call. */
@ApplicationScoped
class PushCalls {

    /**
     * One call's outcome.
     *
     * @param results one per target of the call; a failure of the whole call stands at each of them
     */
    record Answered(CallResult result, Map<Target, PushResult> results) {

        boolean denied() {
            return result.outcome() == CallResult.Outcome.AUTH;
        }

        Duration pause() {
            return result.throttled().map(RetryRule::throttlePause).orElse(Duration.ZERO);
        }
    }

    private final ScmClient scm;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "push-call");
        thread.setDaemon(true);
        return thread;
    });

    PushCalls(ScmClient scm) {
        this.scm = scm;
    }

    List<Answered> make(Claim.Push claim) {
        var others = claim.calls().stream().skip(1)
                .map(intent -> CompletableFuture.supplyAsync(
                        Context.current().wrapSupplier(LogKeys.carried(() -> make(claim, intent))), threads))
                .toList();
        var first = claim.calls().stream().limit(1).map(intent -> make(claim, intent)).collect(Collectors.toList());
        others.forEach(call -> first.add(call.join()));
        return first;
    }

    private Answered make(Claim.Push claim, Intent intent) {
        try {
            var answer = scm.push(claim.lease().account(), claim.scmCertificateId(), intent.call());
            return new Answered(CallResult.answered(intent.attempt(), answer), answer.value());
        } catch (ScmFailure failure) {
            var refused = new PushResult.Refused(failure);
            return new Answered(CallResult.failed(intent.attempt(), failure),
                    intent.call().targets().stream().collect(Collectors.toMap(t -> t, t -> refused)));
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdown();
    }
}
