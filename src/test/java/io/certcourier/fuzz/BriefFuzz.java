package io.certcourier.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Assertions;

/**
 * A few seconds of fuzzing for every build: each seed as it is, then seeds damaged at random, in the same way in every build,
 * because one that fails by chance says nothing of the change that it judges. {@code -Dfuzz.seed} damages in another way. A
 * failing input is written to target/fuzz; copied to the seeds it is a test for ever.
 */
public final class BriefFuzz {

    private static final Path SEEDS = Path.of("src/test/resources/io/certcourier");
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("fuzz.seconds", 3));
    private static final Duration SLOWEST = Duration.ofSeconds(2);
    private static final int FEWEST = 200;

    private final FuzzTarget target;
    private final String name;
    private final long seed = Long.getLong("fuzz.seed", 1);

    private BriefFuzz(FuzzTarget target, String name) {
        this.target = target;
        this.name = name;
    }

    /** @param name package and class of the fuzz test, whose seeds it shares: {@code intake/EventFuzz} */
    public static void run(String name, FuzzTarget target) {
        new BriefFuzz(target, name).run();
    }

    private void run() {
        List<byte[]> seeds = seeds();
        seeds.forEach(this::judge);
        var mutator = new Mutator(new Random(seed), seeds);
        long end = System.nanoTime() + LENGTH.toNanos();
        int inputs = 0;
        while (System.nanoTime() < end || inputs < FEWEST) {
            judge(mutator.next());
            inputs++;
        }
    }

    private List<byte[]> seeds() {
        var seeds = new ArrayList<byte[]>();
        try (var files = Files.walk(SEEDS.resolve(name + "Inputs"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                seeds.add(Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Assertions.assertFalse(seeds.isEmpty(), "there are no seeds for " + name);
        return seeds;
    }

    private void judge(byte[] input) {
        try {
            long fastest = timed(input);
            for (int again = 0; again < 2 && fastest > SLOWEST.toNanos(); again++) { // a busy machine is not the input's fault
                fastest = Math.min(fastest, timed(input));
            }
            if (fastest > SLOWEST.toNanos()) {
                throw new AssertionError("takes " + Duration.ofNanos(fastest));
            }
        } catch (Throwable failure) { // errors too: a stack overflow is what we look for
            throw new AssertionError("the input is in " + keep(input) + ", -Dfuzz.seed=" + seed, failure);
        }
    }

    private long timed(byte[] input) throws Throwable {
        long start = System.nanoTime();
        target.judge(input.clone());
        return System.nanoTime() - start;
    }

    private Path keep(byte[] input) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "fuzz", name));
            return Files.write(folder.resolve("crash-" + HexFormat.of().toHexDigits(java.util.Arrays.hashCode(input))), input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
