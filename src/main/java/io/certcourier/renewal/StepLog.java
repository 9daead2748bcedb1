package io.certcourier.renewal;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.jboss.logging.Logger;

import io.certcourier.certificate.Target;
import io.certcourier.outcome.LogKeys;
import io.certcourier.outcome.Outcome.Failure;

/**
 * What a stored step did, as log lines: the usual at DEBUG, what will be tried again as a warning, what needs a person as an
 * error.
 */
final class StepLog {

    private static final Logger LOG = Logger.getLogger(StepLog.class);

    private StepLog() {
    }

    /** Called within the step's {@link StepScope}, which names the renewal. */
    static void told(Claim claim, Step step) {
        if (claim instanceof Claim.Push push) {
            pushed(push, step);
        }
        String requestId = step.calls().stream().map(CallResult::requestId).filter(Objects::nonNull).findFirst().orElse(null);
        LogKeys.of(action(step.next())).with("requestId", requestId).during(() -> line(step.next()));
    }

    private static void line(Next next) {
        if (next instanceof Next.Confirm) {
            LOG.debug("certificate imported, not listed yet");
        } else if (next instanceof Next.Resolve resolve) {
            LOG.warnf("nobody knows whether the import happened, SCM's list will tell:%s", reason(resolve.failure()));
        } else if (next instanceof Next.Later later && later.failure() != null) {
            LOG.warnf("will be tried again: pause=%s%s", later.pause(), reason(later.failure()));
        } else if (next instanceof Next.Held held && held.pause() == null) {
            LOG.errorf("held, a person must act: hold=%s%s", held.hold(), reason(held.failure()));
        } else if (next instanceof Next.Held held) {
            LOG.warnf("held, will be tried again: hold=%s pause=%s%s", held.hold(), held.pause(), reason(held.failure()));
        }
    }

    private static String action(Next next) {
        if (next instanceof Next.Confirm) {
            return "import.sent";
        }
        if (next instanceof Next.Resolve) {
            return "import.unknown";
        }
        return next instanceof Next.Held ? "renewal.held" : "renewal.waits";
    }

    private static void pushed(Claim.Push push, Step step) {
        Map<Target, TargetState> before = new HashMap<>();
        push.targets().forEach(row -> before.put(row.target(), row.result().state()));
        for (var row : step.targets()) {
            if (row.result().state() == TargetState.PUSHED && before.get(row.target()) != TargetState.PUSHED) {
                LogKeys.of("target.pushed").with("target", row.target()).during(() -> LOG.debug("certificate pushed"));
            }
        }
    }

    private static String reason(Failure failure) {
        return failure == null ? "" : " reasonCode=" + failure.reasonCode();
    }
}
