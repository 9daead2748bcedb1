package io.certcourier.bridge;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PATH on which every command writes down its arguments and environment before it does its work. A command that is not on it
 * cannot be found, so none escapes. In place of kcat stands one that keeps what it was given to send.
 */
final class WatchedTools {

    private static final List<String> WATCHED = List.of("bash", "openssl", "jq", "jose", "grep", "cmp", "cut", "tail", "stat",
            "mkdir", "mktemp", "mv", "rm", "find", "flock", "sha256sum", "date", "id", "uname");

    private final Path folder;

    WatchedTools(Path folder) {
        this.folder = folder.toAbsolutePath();
        WATCHED.forEach(tool -> command(tool, "exec '" + find(tool) + "' \"$@\""));
        command("sync", ""); // a busy disk takes seconds; AcmeHookBrokerIT has the real one
        brokersAnswer();
    }

    String path() {
        return folder.toString();
    }

    /** From now on sending works; the last argument is the file to send. */
    void brokersAnswer() {
        command("kcat", "for file; do :; done\n/bin/cat \"$file\" > '" + sent() + "'");
    }

    /** From now on sending fails, as with no broker in reach. */
    void brokersAreAway() {
        command("kcat", "echo '% Reading configuration from file kcat.conf' >&2\n"
                + "echo '% ERROR: Local: All broker connections are down: 1/1 brokers are down: terminating' >&2\nexit 1");
    }

    /** From now on this command is not there. */
    void remove(String tool) {
        try {
            Files.delete(folder.resolve(tool));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was sent last, with the arguments of its call. */
    Path sent() {
        return folder.resolve("sent");
    }

    /** All calls so far, each its name and arguments. */
    Path calls() {
        return folder.resolve("calls");
    }

    /** The environments of all calls so far. */
    Path environments() {
        return folder.resolve("environments");
    }

    private void command(String name, String body) {
        var script = "#!/bin/sh\necho \"" + name + " $*\" >> '" + calls() + "'\n/bin/cat /proc/self/environ >> '"
                + environments()
                + "'\n" + body + "\n";
        try {
            var file = Files.writeString(folder.resolve(name), script);
            if (!file.toFile().setExecutable(true)) {
                throw new IllegalStateException(file + " cannot be made executable");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path find(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(place -> Path.of(place, tool))
                .filter(Files::isExecutable).findFirst().orElseThrow(() -> new IllegalStateException(tool + " is not here"));
    }
}
