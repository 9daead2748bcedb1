package io.certcourier.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How to run a program that refuses to be root: as it is for a user; for root without privileges, in one of two ways. */
final class Unprivileged {

    private static final String NOBODY = "65534";
    private static final List<String> OWN_NAMESPACE = List.of("unshare", "-U");
    private static final List<String> AS_NOBODY = List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups");

    private final List<String> prefix;

    private Unprivileged(List<String> prefix) {
        this.prefix = prefix;
    }

    /** A namespace needs no other owner of files, but containers often forbid it; then nobody does it. */
    static Unprivileged detect() {
        if (!isRoot()) {
            return new Unprivileged(List.of());
        }
        for (List<String> way : List.of(OWN_NAMESPACE, AS_NOBODY)) {
            if (runs(way, "true")) {
                return new Unprivileged(way);
            }
        }
        throw new LocalFailure("PostgreSQL refuses to run as root, and neither 'unshare -U' nor 'setpriv' works here; "
                + "run as a normal user.");
    }

    List<String> command(List<String> command) {
        var whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    /** Refuses a program in a folder that whoever will run it cannot enter. */
    void requireAccess(Path program) {
        if (prefix.equals(AS_NOBODY) && !runs(prefix, "test", "-x", program.toString())) {
            throw new LocalFailure(
                    "PostgreSQL refuses to run as root, so the user nobody runs it here, who may not enter "
                            + program.getParent()
                            + ": move the project to where every user may go, or run as a normal user.");
        }
    }

    /** Gives the folder itself to whoever will run, if that is somebody else. */
    void own(Path folder) {
        if (prefix.equals(AS_NOBODY)) {
            try {
                Files.setAttribute(folder, "unix:uid", Integer.valueOf(NOBODY));
                Files.setAttribute(folder, "unix:gid", Integer.valueOf(NOBODY));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot give " + folder + " to nobody", e);
            }
        }
    }

    private static boolean isRoot() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException | UnsupportedOperationException e) {
            return "root".equals(System.getProperty("user.name")); // no /proc: macOS
        }
    }

    private static boolean runs(List<String> way, String... program) {
        var command = new ArrayList<>(way);
        command.addAll(List.of(program));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // not installed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
