package dev.leat;

import java.util.concurrent.locks.ReentrantLock;

/**
 * What a step was measured to cost, and how its items are therefore run; thread-safe.
 *
 * <p>While every permit is in use: alone, or several in one call. While nothing else runs: on one thread, or on as many
 * as there are permits.
 */
final class StepCosts {

    /** A batch has to be expected to take less than this part of the time that its items take alone. */
    static final double BATCH_WORTH = 0.9;

    /** Items are padded to the longest of a batch; one fits if it is no longer than this times the shortest. */
    private static final double LONGEST_TO_SHORTEST = 1.25;

    private static final long SHORT = 4; // cost units that never matter

    private final ReentrantLock lock = new ReentrantLock();
    private final TwoWays batching = new TwoWays(); // guarded by lock
    private final LoneTimes lone = new LoneTimes(); // guarded by lock

    /** Whether items of such costs may be of one batch. */
    static boolean fit(long shortest, long longest) {
        return longest <= Math.max(shortest + SHORT, (long) (shortest * LONGEST_TO_SHORTEST));
    }

    /**
     * Chooses how many items to run together while every permit is in use.
     *
     * @param costs of the items that could be, in order; each prefix is possible
     * @return at least 1
     */
    int together(long[] costs) {
        if (costs.length < 2) {
            return 1;
        }
        lock.lock();
        try {
            int best = batching.known(costs[0]) ? best(costs) : 1;
            if (!batching.goOther(costs[0], best > 1)) {
                return 1;
            }
            return best > 1 ? best : costs.length;
        } finally {
            lock.unlock();
        }
    }

    /** The prefix with the least expected time for an item, if it is worth it. */
    private int best(long[] costs) {
        int best = 1;
        double least = Double.POSITIVE_INFINITY;
        double singles = 0;
        long longest = 0;
        for (int n = 1; n <= costs.length; n++) {
            double cost = costs[n - 1];
            singles += batching.usual.expected(cost, cost * cost);
            longest = Math.max(longest, costs[n - 1]);
            double batch = batching.other.expected((double) n * longest, (double) n * longest * longest);
            if (n > 1 && batch < BATCH_WORTH * singles && batch / n < least) {
                best = n;
                least = batch / n;
            }
        }
        return best;
    }

    /** Learns from a call that was made while every permit was in use. */
    void observedBusy(int items, long longest, long nanos) {
        lock.lock();
        try {
            batching.observed(items > 1, items, longest, nanos);
        } finally {
            lock.unlock();
        }
    }

    /** Whether an item that nothing else runs beside shall be run on several threads. */
    boolean spread(long cost) {
        lock.lock();
        try {
            return lone.spread(cost);
        } finally {
            lock.unlock();
        }
    }

    /** Learns from a call that nothing else ran beside when it began. */
    void observedLone(boolean spread, long cost, long nanos) {
        lock.lock();
        try {
            lone.observed(spread, cost, nanos);
        } finally {
            lock.unlock();
        }
    }
}
