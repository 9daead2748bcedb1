package io.certcourier.local;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Ends a process when this JVM ends, however it ends. A shell reads a pipe that only we hold; the kernel closes it even after a
 * kill -9, and the shell then sends the signal.
 */
final class Watchdog implements AutoCloseable {

    private static final String SCRIPT = "trap '' INT TERM HUP; while read -r _; do :; done; kill -$1 $2 2>/dev/null";

    private final Process shell;

    private Watchdog(Process shell) {
        this.shell = shell;
    }

    /** @param signal name without SIG, such as "KILL" */
    static Watchdog over(long pid, String signal) {
        try {
            return new Watchdog(new ProcessBuilder("/bin/sh", "-c", SCRIPT, "sh", signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start /bin/sh", e);
        }
    }

    /** Leaves the process alone from now on. */
    @Override
    public void close() {
        shell.destroyForcibly();
    }
}
