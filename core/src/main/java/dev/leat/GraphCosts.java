package dev.leat;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/** What the nodes of one graph took so far, and what kept them from being shared; thread-safe. */
final class GraphCosts {

    private final AtomicLongArray nanos;
    private final AtomicIntegerArray times;
    private final AtomicIntegerArray unkeyed;

    GraphCosts(int nodes) {
        nanos = new AtomicLongArray(nodes);
        times = new AtomicIntegerArray(nodes);
        unkeyed = new AtomicIntegerArray(nodes);
    }

    void computed(int node, long took) {
        nanos.addAndGet(node, took);
        times.incrementAndGet(node);
    }

    /** A heavy step was demanded on a value that no other run could know. */
    void unkeyed(int node) {
        unkeyed.set(node, 1);
    }

    /** The mean time of a node in nanoseconds, or 0 if it was never computed. */
    double mean(int node) {
        int count = times.get(node);
        return count == 0 ? 0 : (double) nanos.get(node) / count;
    }

    boolean wasUnkeyed(int node) {
        return unkeyed.get(node) > 0;
    }
}
