package io.certcourier.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Visits every reachable state of a model, nearest first, and stops at the first that breaks an invariant. */
final class Explorer {

    /**
     * @param broken NONE if all states are sound
     * @param depth steps to the farthest state, or to the broken one
     * @param trace the shortest way to the broken state, a line per step; empty if there is none
     */
    record Findings(Invariant broken, int states, int depth, long millis, List<String> trace) {

        @Override
        public String toString() {
            return "%,d states, depth %d, %,d ms: %s%s".formatted(states, depth, millis, broken,
                    trace.isEmpty() ? "" : "\n  " + String.join("\n  ", trace));
        }
    }

    private final Model model;
    private long[] low = new long[1 << 16];
    private long[] high = new long[1 << 16];
    private int[] parent = new int[1 << 16];
    private int[] table = new int[1 << 18];
    private int states;
    /** Successors of state i: edges[firstEdge[i]] up to edges[firstEdge[i + 1]], without those of last resort. */
    private int[] firstEdge = new int[1 << 16];
    private int[] edges = new int[1 << 18];
    private int edgeCount;

    Explorer(Model model) {
        this.model = model;
    }

    Findings explore() {
        long began = System.nanoTime();
        find(model.canonical(model.start()), -1);
        int expanded = 0;
        for (; expanded < states; expanded++) {
            var world = world(expanded);
            var broken = model.broken(world);
            if (broken != Invariant.NONE) {
                return findings(broken, expanded, began);
            }
            firstEdge = grow(firstEdge, expanded + 1);
            firstEdge[expanded] = edgeCount;
            int from = expanded;
            model.steps(world, (next, says, worker, renewal) -> {
                int to = find(model.canonical(next), from);
                if (!model.lastResort(says)) {
                    edges = grow(edges, edgeCount);
                    edges[edgeCount++] = to;
                }
            });
        }
        firstEdge[states] = edgeCount;
        int stuck = stuck();
        return stuck < 0 ? new Findings(Invariant.NONE, states, depth(states - 1), millis(began), List.of())
                : findings(Invariant.I1, stuck, began);
    }

    private World world(int state) {
        return new World(low[state], high[state]);
    }

    /** The number of this state, a new one if it was never seen. */
    private int find(World world, int from) {
        if (states * 2 > table.length) {
            rehash();
        }
        int slot = slot(world.low(), world.high());
        if (table[slot] == 0) {
            low = grow(low, states);
            high = grow(high, states);
            parent = grow(parent, states);
            low[states] = world.low();
            high[states] = world.high();
            parent[states] = from;
            table[slot] = ++states;
        }
        return table[slot] - 1;
    }

    private int slot(long a, long b) {
        long hash = (a ^ Long.rotateLeft(b * 0x9E3779B97F4A7C15L, 32)) * 0xD6E8FEB86659FD93L;
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L;
        int slot = (int) (hash >>> 32) & table.length - 1;
        while (table[slot] != 0 && (low[table[slot] - 1] != a || high[table[slot] - 1] != b)) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    private void rehash() {
        table = new int[table.length * 2];
        for (int i = 0; i < states; i++) {
            table[slot(low[i], high[i])] = i + 1;
        }
    }

    /** The first state from which no settled one can be reached; -1 if there is none. */
    private int stuck() {
        var hopeful = new BitSet(states);
        for (int i = 0; i < states; i++) {
            hopeful.set(i, model.settled(world(i)));
        }
        int before;
        do {
            before = hopeful.cardinality();
            for (int i = states - 1; i >= 0; i--) {
                for (int e = firstEdge[i]; e < firstEdge[i + 1] && !hopeful.get(i); e++) {
                    hopeful.set(i, hopeful.get(edges[e]));
                }
            }
        } while (hopeful.cardinality() > before);
        int stuck = hopeful.nextClearBit(0);
        return stuck < states ? stuck : -1;
    }

    private Findings findings(Invariant broken, int state, long began) {
        var way = new ArrayList<Integer>();
        for (int i = state; parent[i] >= 0; i = parent[i]) {
            way.add(0, i);
        }
        var trace = new ArrayList<String>();
        var world = new World[] { model.start() };
        way.forEach(to -> world[0] = follow(world[0], world(to), trace));
        return new Findings(broken, states, trace.size(), millis(began), trace);
    }

    /** Takes the step that leads to {@code to} or its like, and says so. */
    private World follow(World from, World to, List<String> trace) {
        var taken = new ArrayList<World>();
        model.steps(from, (next, says, worker, renewal) -> {
            var like = model.canonical(next);
            if (taken.isEmpty() && like.low() == to.low() && like.high() == to.high()) {
                taken.add(next);
                trace.add(says.replace("%w", "worker " + (worker + 1)).replace("%r", "R" + (renewal + 1)));
            }
        });
        return taken.get(0);
    }

    private int depth(int state) {
        int depth = 0;
        for (int i = state; parent[i] >= 0; i = parent[i]) {
            depth++;
        }
        return depth;
    }

    private static long millis(long began) {
        return (System.nanoTime() - began) / 1_000_000;
    }

    private static int[] grow(int[] array, int index) {
        return index < array.length ? array : Arrays.copyOf(array, array.length * 2);
    }

    private static long[] grow(long[] array, int index) {
        return index < array.length ? array : Arrays.copyOf(array, array.length * 2);
    }
}
