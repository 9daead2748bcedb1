package io.certcourier.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Damages inputs: their bytes, the bytes within their base64, and their size. */
final class Mutator {

    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{8,}");
    private static final int LARGEST = 80_000;
    private static final int[] EDGES = { 0, 1, 0x7f, 0x80, 0xff, 0x30, 0x24, '"', '\\', '{', '[', '%', '-', '\n' };

    private final Random random;
    private final List<byte[]> seeds;

    Mutator(Random random, List<byte[]> seeds) {
        this.random = random;
        this.seeds = seeds;
    }

    byte[] next() {
        byte[] input = any();
        for (int rounds = random.nextInt(4); rounds >= 0; rounds--) {
            input = random.nextInt(3) == 0 ? withinBase64(input) : damaged(input);
        }
        return input;
    }

    private byte[] any() {
        return seeds.get(random.nextInt(seeds.size())).clone();
    }

    private byte[] damaged(byte[] input) {
        if (input.length == 0) {
            return new byte[] { (byte) random.nextInt(256) };
        }
        int at = random.nextInt(input.length);
        int to = Math.min(input.length, at + 1 + random.nextInt(random.nextBoolean() ? 8 : 400));
        switch (random.nextInt(8)) {
            case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> input[at] = (byte) EDGES[random.nextInt(EDGES.length)];
            case 2 -> input[at] = (byte) random.nextInt(256);
            case 3 -> input = joined(input, 0, at, input, to, input.length);
            case 4 -> input = Arrays.copyOf(input, at);
            case 5 -> input = joined(input, 0, to, input, at, input.length);
            case 6 -> input = repeated(input, at, to);
            default -> {
                byte[] other = any();
                input = joined(input, 0, at, other, random.nextInt(other.length + 1), other.length);
            }
        }
        return input;
    }

    private static byte[] joined(byte[] head, int headFrom, int headTo, byte[] tail, int tailFrom, int tailTo) {
        byte[] both = Arrays.copyOf(Arrays.copyOfRange(head, headFrom, headTo), headTo - headFrom + tailTo - tailFrom);
        System.arraycopy(tail, tailFrom, both, headTo - headFrom, tailTo - tailFrom);
        return both.length > LARGEST ? Arrays.copyOf(both, LARGEST) : both;
    }

    private byte[] repeated(byte[] input, int from, int to) {
        int times = 1 + random.nextInt(1 + Math.min(2000, LARGEST / (to - from)));
        byte[] run = new byte[times * (to - from)];
        for (int i = 0; i < run.length; i++) {
            run[i] = input[from + i % (to - from)];
        }
        return joined(joined(input, 0, to, run, 0, run.length), 0, Math.min(LARGEST, to + run.length), input, to, input.length);
    }

    /** Damage that gets past the base64, as it stays base64. */
    private byte[] withinBase64(byte[] input) {
        String text = new String(input, ISO_8859_1);
        List<MatchResult> runs = BASE64.matcher(text).results().toList();
        if (runs.isEmpty()) {
            return damaged(input);
        }
        MatchResult run = runs.get(random.nextInt(runs.size()));
        boolean url = run.group().indexOf('-') >= 0 || run.group().indexOf('_') >= 0;
        String encoded = run.group().substring(0, run.group().length() / 4 * 4);
        try {
            byte[] inner = (url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(encoded);
            byte[] worse = damaged(inner);
            String again = (url ? Base64.getUrlEncoder() : Base64.getEncoder()).withoutPadding().encodeToString(worse);
            return (text.substring(0, run.start()) + again + text.substring(run.start() + encoded.length()))
                    .getBytes(ISO_8859_1);
        } catch (IllegalArgumentException mixed) {
            return damaged(input);
        }
    }
}
