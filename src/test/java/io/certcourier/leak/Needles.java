package io.certcourier.leak;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** The pieces of all secrets in one form, each as wide as the form says, found by a rolling hash in one pass. */
final class Needles {

    private static final long BASE = 0x9E3779B97F4A7C15L;
    private static final int FILTER_BITS = 20;

    private final Form form;
    private final long highest;
    private final Map<Long, String> names = new HashMap<>();
    private final BitSet filter = new BitSet(1 << FILTER_BITS);

    Needles(Form form) {
        this.form = form;
        long power = 1;
        for (int i = 0; i < form.width; i++) {
            power *= BASE;
        }
        highest = power;
    }

    /** Every piece of the text, so that a part of the secret is found as well; nothing if it is shorter than a piece. */
    void add(String name, byte[] symbols) {
        for (int from = 0; from + form.width <= symbols.length; from++) {
            long hash = 0;
            boolean varied = false;
            for (int i = from; i < from + form.width; i++) {
                hash = hash * BASE + (symbols[i] & 0xff) + 1;
                varied |= symbols[i] != symbols[from];
            }
            if (varied) { // a run of zeros is nobody's secret
                names.put(hash, name);
                filter.set(slot(hash));
            }
        }
    }

    private static int slot(long hash) {
        return (int) ((hash ^ hash >>> 29) * BASE >>> 64 - FILTER_BITS);
    }

    /** One pass through one text. */
    final class Pass {

        private final FormReader reader = new FormReader(form);
        private final int[] window = new int[form.width];
        private long hash;
        private int at;
        private int filled;

        /** @return the name of the secret of which a piece ends here, or null */
        String next(int octet) {
            int symbol = reader.symbol(octet);
            if (symbol == FormReader.SKIP) {
                return null;
            }
            if (symbol == FormReader.BREAK) {
                filled = 0;
                hash = 0;
                return null;
            }
            hash = hash * BASE + symbol + 1;
            if (filled == window.length) {
                hash -= highest * (window[at] + 1);
            } else {
                filled++;
            }
            window[at] = symbol;
            at = at + 1 == window.length ? 0 : at + 1;
            return filled == window.length && filter.get(slot(hash)) ? names.get(hash) : null;
        }
    }
}
