package io.certcourier.chaos.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** Called from woven methods: counts, and strikes once. */
public final class Strike {

    private static final AtomicInteger HITS = new AtomicInteger();
    private static volatile StrikeOrder order;

    private Strike() {
    }

    static void arm(StrikeOrder next) {
        order = next;
    }

    /** Public because it is called from the service's classes. */
    public static void here() {
        if (!order.within().isEmpty() && !calledFrom(order.within()) || HITS.incrementAndGet() != order.nth()) {
            return;
        }
        mark();
        switch (order.blow()) {
            case HALT -> Runtime.getRuntime().halt(137);
            case TERMINATE -> signal("TERM");
            case STOP -> signal("STOP");
            case LOST_CONNECTION -> Strike.<RuntimeException> fail();
        }
    }

    private static boolean calledFrom(String type) {
        return StackWalker.getInstance().walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(type)));
    }

    private static void mark() {
        try {
            // moved, so that it is never seen half written
            var written = Files.writeString(order.mark().resolveSibling(order.mark().getFileName() + ".new"),
                    Instant.now().toString());
            Files.move(written, order.mark(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(ProcessHandle.current().pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A checked exception in a method that the compiler believes to throw none: the woven method does declare it. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void fail() throws E {
        SQLException lost = new SQLNonTransientConnectionException("the connection was cut by a test", "08006");
        throw (E) lost;
    }
}
