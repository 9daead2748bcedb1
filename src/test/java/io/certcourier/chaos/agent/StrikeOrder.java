package io.certcourier.chaos.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Where and how the agent strikes, as it travels on the command line.
 *
 * @param parameters how many the method has; tells overloads apart
 * @param within only calls that this class has made, directly or not, count; empty for all
 * @param nth the hit that strikes, from 1; no other does
 * @param mark a file that is made just before the strike, and says when
 */
public record StrikeOrder(String type, String method, int parameters, boolean atEntry, String within, Blow blow, int nth,
        Path mark) {

    /** What happens to the process. */
    public enum Blow {
        /** As kill -9, at this instruction. */
        HALT,
        /** SIGTERM, and the method goes on. */
        TERMINATE,
        /** SIGSTOP: nothing runs until somebody sends SIGCONT. */
        STOP,
        /** The connection is lost just after the method has done its work. */
        LOST_CONNECTION
    }

    /** The form that {@link #parse} reads. */
    public String argument() {
        return String.join(";", type, method, Integer.toString(parameters), Boolean.toString(atEntry), within, blow.name(),
                Integer.toString(nth), mark.toAbsolutePath().toString());
    }

    /** When the blow fell; empty if it has not. */
    public Optional<Instant> struckAt() {
        try {
            return Files.exists(mark) ? Optional.of(Instant.parse(Files.readString(mark))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static StrikeOrder parse(String argument) {
        String[] parts = argument.split(";", -1);
        return new StrikeOrder(parts[0], parts[1], Integer.parseInt(parts[2]), Boolean.parseBoolean(parts[3]), parts[4],
                Blow.valueOf(parts[5]), Integer.parseInt(parts[6]), Path.of(parts[7]));
    }
}
