package io.certcourier.outcome;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import org.jboss.logging.MDC;

/**
 * What log lines say whom they are about with: the same keys everywhere. They hold for this thread until they are closed, which
 * brings back what was there before.
 */
public final class LogKeys implements AutoCloseable {

    private static final String TRACE = "traceId";

    private final Map<String, Optional<Object>> before = new HashMap<>();

    private LogKeys() {
    }

    /** @param action stable, like {@code renewal.accepted}: what alerts on logs may look for */
    public static LogKeys of(String action) {
        return new LogKeys().with("event.action", action);
    }

    /** For all lines of a piece of work. */
    public static LogKeys about(UUID renewalId, String certificateName, String account) {
        return new LogKeys().renewal(renewalId, certificateName, account);
    }

    /** Each may be null: not known. */
    public LogKeys renewal(UUID renewalId, String certificateName, String account) {
        return with("renewalId", renewalId).with("certificateName", certificateName).with("account", account);
    }

    /** @param value null changes nothing */
    public LogKeys with(String key, Object value) {
        if (value != null) {
            before.putIfAbsent(key, Optional.ofNullable(MDC.get(key)));
            MDC.put(key, value.toString());
        }
        return this;
    }

    /** The event's trace, unless the thread works in a recorded span: then the line belongs to that. */
    public LogKeys trace(String traceparent) {
        var event = TraceParent.read(traceparent);
        return event.isValid() && MDC.get(TRACE) == null ? with(TRACE, event.getTraceId()) : this;
    }

    /** These keys for the lines of this task, and no longer. */
    public void during(Runnable task) {
        try (this) {
            task.run();
        }
    }

    /** The same keys on another thread, while it runs the task. */
    public static <T> Supplier<T> carried(Supplier<T> task) {
        var here = Map.copyOf(MDC.getMap());
        return () -> {
            var keys = new LogKeys();
            here.forEach(keys::with);
            try (keys) {
                return task.get();
            }
        };
    }

    @Override
    public void close() {
        before.forEach((key, value) -> value.ifPresentOrElse(old -> MDC.put(key, old), () -> MDC.remove(key)));
    }
}
