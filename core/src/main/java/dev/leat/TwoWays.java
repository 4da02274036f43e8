package dev.leat;

/**
 * Two ways of running a step, what each was measured to cost on this machine, and which to go; confined.
 *
 * <p>The usual way is gone until the other one is known to be better. Where the other way would be possible, every
 * {@link #TRIAL_EVERY}th chance tries it, until {@link #ENOUGH} calls of about that cost (same power of two) were seen of
 * both. From then on the better one is gone, and every {@link #CHECK_EVERY}th chance the other, so that what is expected
 * of either stays fresh. The two are fitted apart: how one's time grows is not told by how the other's does.
 */
final class TwoWays {

    static final int ENOUGH = 4;
    static final int TRIAL_EVERY = 4;
    static final int CHECK_EVERY = 64;

    final CostFit usual = new CostFit();
    final CostFit other = new CostFit();
    private final int[] usualSeen = new int[Long.SIZE];
    private final int[] otherSeen = new int[Long.SIZE];
    private long chances;

    /** Whether enough was seen of both ways at about this cost. */
    boolean known(long cost) {
        return usualSeen[shape(cost)] >= ENOUGH && otherSeen[shape(cost)] >= ENOUGH;
    }

    /**
     * Counts a chance to go the other way.
     *
     * @param better whether it is expected to be better; looked at only if enough is known
     * @return true to go it, because it is better or to learn whether it is
     */
    boolean goOther(long cost, boolean better) {
        if (usualSeen[shape(cost)] < ENOUGH) {
            return false;
        }
        chances++;
        return known(cost) ? better != (chances % CHECK_EVERY == 0) : chances % TRIAL_EVERY == 0;
    }

    void observed(boolean byOther, int items, long longest, long nanos) {
        double cost = (double) items * longest;
        (byOther ? other : usual).observe(cost, cost * longest, nanos);
        int[] seen = byOther ? otherSeen : usualSeen;
        seen[shape(longest)] = Math.min(ENOUGH, seen[shape(longest)] + 1);
    }

    private static int shape(long cost) {
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, cost));
    }
}
