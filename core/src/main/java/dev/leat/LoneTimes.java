package dev.leat;

import java.util.Arrays;

/**
 * What a step took on one thread and on all, when nothing else ran; confined.
 *
 * <p>By shape: costs of the same power of two, and times by unit of cost. All threads are likely to be faster, so they serve
 * until {@link #KEPT} calls of both were seen of a shape; then what is faster, and {@link #CHECKS} calls in a row of each
 * {@link #CHECK_EVERY} the other way, so that both stay known. Noise of a shared machine is one-sided (a thread that waits
 * for a core doubles a call's time), so the second least of the last times is what a way is held to take. A call that
 * follows one of the other way does not count: that has left its threads and memory cold.
 */
final class LoneTimes {

    /** All threads have to take less than this part of one thread's time. */
    static final double WORTH = 0.95;

    static final int KEPT = 8;
    static final int CHECKS = 4;
    static final int CHECK_EVERY = 256;

    /** What takes less than this on one thread is not worth several. */
    static final long SHORT_NANOS = 1_000_000;

    private final Recent[] one = Recent.ofShapes();
    private final Recent[] all = Recent.ofShapes();
    private boolean lastOnAll = true; // the first call on one thread finds nothing warm, either
    private long chances = CHECKS; // none at the start

    /** Whether a call shall be on all threads. */
    boolean spread(long cost) {
        Recent onOne = one[shape(cost)];
        Recent onAll = all[shape(cost)];
        if (!onOne.isFull() || onOne.usual() * cost < SHORT_NANOS) {
            return false;
        }
        if (!onAll.isFull()) {
            return true;
        }
        chances++;
        boolean better = onAll.usual() < WORTH * onOne.usual();
        return better != (chances % CHECK_EVERY < CHECKS);
    }

    void observed(boolean onAll, long cost, long nanos) {
        if (onAll == lastOnAll) {
            (onAll ? all : one)[shape(cost)].add((double) nanos / Math.max(1, cost));
        }
        lastOnAll = onAll;
    }

    private static int shape(long cost) {
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, cost));
    }

    /** The last times of a shape. */
    private static final class Recent {
        private final double[] times = new double[KEPT];
        private long count;

        static Recent[] ofShapes() {
            Recent[] recent = new Recent[Long.SIZE];
            Arrays.setAll(recent, i -> new Recent());
            return recent;
        }

        void add(double time) {
            times[(int) (count++ % KEPT)] = time;
        }

        boolean isFull() {
            return count >= KEPT;
        }

        /** Of a full one. */
        double usual() {
            double[] sorted = times.clone();
            Arrays.sort(sorted);
            return sorted[1];
        }
    }
}
