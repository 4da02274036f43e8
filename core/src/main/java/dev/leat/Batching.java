package dev.leat;

import java.util.concurrent.locks.ReentrantLock;

/**
 * What running items of a step alone and together was measured to cost on this machine, and what follows; thread-safe.
 *
 * <p>The prior is that a batch does not pay. While the budget is busy and a batch would be possible, every
 * {@link #TRIAL_EVERY}th chance is used to try one, until {@link #ENOUGH} batches of about that cost (same power of
 * two) were seen. From then on a batch is run where it is expected to take less than {@link #WORTH} of the time that its
 * items took alone; every {@link #CHECK_EVERY}th chance does the opposite, so that both guesses stay fresh. Alone and
 * together are fitted apart: how a batch's time grows is not told by how a longer item's time grows.
 */
final class Batching {

    static final int ENOUGH = 4;
    static final int TRIAL_EVERY = 4;
    static final int CHECK_EVERY = 64;
    static final double WORTH = 0.9;

    /** Items are padded to the longest of a batch; one fits if it is no longer than this times the shortest. */
    private static final double LONGEST_TO_SHORTEST = 1.25;

    private static final long SHORT = 4; // cost units that never matter

    private final ReentrantLock lock = new ReentrantLock();

    // All guarded by lock.
    private final CostFit alone = new CostFit();
    private final CostFit together = new CostFit();
    private final int[] aloneSeen = new int[Long.SIZE];
    private final int[] togetherSeen = new int[Long.SIZE];
    private long chances;

    /** Whether items of such costs may be of one batch. */
    static boolean fit(long shortest, long longest) {
        return longest <= Math.max(shortest + SHORT, (long) (shortest * LONGEST_TO_SHORTEST));
    }

    /**
     * Chooses how many items to run together.
     *
     * @param costs of the items that could be, in order; each prefix is possible
     * @return at least 1
     */
    int choose(long[] costs) {
        if (costs.length < 2) {
            return 1;
        }
        lock.lock();
        try {
            int shape = shape(costs[0]);
            if (aloneSeen[shape] < ENOUGH) {
                return 1;
            }
            chances++;
            if (togetherSeen[shape] < ENOUGH) {
                return chances % TRIAL_EVERY == 0 ? costs.length : 1;
            }
            int best = best(costs);
            boolean check = chances % CHECK_EVERY == 0;
            return !check ? best : best == 1 ? costs.length : 1;
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
            singles += alone.expected(cost, cost * cost);
            longest = Math.max(longest, costs[n - 1]);
            double batch = together.expected((double) n * longest, (double) n * longest * longest);
            if (n > 1 && batch < WORTH * singles && batch / n < least) {
                best = n;
                least = batch / n;
            }
        }
        return best;
    }

    /**
     * Learns from a call that was made while the budget was busy.
     *
     * @param items how many
     * @param longest the largest cost among them
     */
    void observed(int items, long longest, long nanos) {
        double cost = (double) items * longest;
        lock.lock();
        try {
            (items == 1 ? alone : together).observe(cost, cost * longest, nanos);
            int[] seen = items == 1 ? aloneSeen : togetherSeen;
            seen[shape(longest)] = Math.min(ENOUGH, seen[shape(longest)] + 1);
        } finally {
            lock.unlock();
        }
    }

    private static int shape(long cost) {
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, cost));
    }
}
