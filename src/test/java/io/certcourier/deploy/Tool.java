package io.certcourier.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

/** A command of this machine that a test may use; where it is missing the test skips itself and says so. */
public final class Tool {

    /** What a command left behind: its exit code, and standard output and error in one text. */
    public record Result(int exitCode, String output) {
    }

    private Tool() {
    }

    /** Skips the calling test unless the command stands on the PATH. */
    public static void assumeInstalled(String command) {
        Assumptions.assumeTrue(isInstalled(command), () -> command + " is not installed here; .ci/run fetches it");
    }

    public static boolean isInstalled(String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    public static Result run(String... command) throws IOException, InterruptedException {
        return run(Map.of(), List.of(command));
    }

    /** Runs a command at the top of the project; it is killed after a minute. */
    public static Result run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        var output = Files.createTempFile("certcourier-tool", ".txt");
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IOException(command.get(0) + " took longer than a minute");
            }
            return new Result(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }
}
