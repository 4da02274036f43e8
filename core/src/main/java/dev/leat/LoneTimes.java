package dev.leat;

import java.util.Arrays;

/**
 * What a step took on one thread and on all, when nothing else ran; confined.
 *
 * <p>By shape: costs of the same power of two, and times by unit of cost. A shape's calls are on one thread until
 * {@link #KEPT} are known, then as many are tried on all, and the faster way is used. From then on the other way is tried
 * now and then: soon after a change, more and more rarely, and early if the way in use takes longer than it did.
 *
 * <p>A machine with other guests takes now twice as long, now not, for minutes; so times are compared only with those of
 * just before, and a change of mind needs two trials one after the other. Noise is one-sided within them, too (a thread
 * that waits for a core doubles a call's time), so the second least of the times is what a way is held to take. A call
 * that follows one of the other way does not count: that has left its threads and memory cold.
 */
final class LoneTimes {

    /** All threads have to take less than this part of one thread's time. */
    static final double WORTH = 0.95;

    static final int KEPT = 8;

    /** A trial ends after so many calls if all of them took longer than the way in use does. */
    static final int ENOUGH = 3;

    /** So many calls from a change to the next trial; then four times as many from each trial to the next. */
    static final int FIRST_PAUSE = 64;

    static final int LONGEST_PAUSE = 1024; // a trial is less than a hundredth of all calls, so it moves no p99

    /** What takes so many times as long as it did at the last trial is tried the other way. */
    static final double SLOWED = 1.25;

    /** What takes less than this on one thread is not worth several. */
    static final long SHORT_NANOS = 1_000_000;

    private final Shape[] shapes = new Shape[Long.SIZE];

    LoneTimes() {
        Arrays.setAll(shapes, i -> new Shape());
    }

    /** Whether a call shall be on all threads. */
    boolean spread(long cost) {
        return shape(cost).spread(cost);
    }

    void observed(boolean onAll, long cost, long nanos) {
        shape(cost).observed(onAll, (double) nanos / Math.max(1, cost));
    }

    private Shape shape(long cost) {
        return shapes[Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, cost))];
    }

    private static final class Shape {
        private Recent used = new Recent();
        private Recent tried = new Recent();
        private boolean onAll; // the way in use
        private boolean lastOnAll = true; // the first call on one thread finds nothing warm, either
        private int sinceTrial;
        private int pause; // none before the first trial, which needs no second one
        private double usualAtTrial = Double.POSITIVE_INFINITY;
        private boolean doubted; // by the last trial

        boolean spread(long cost) {
            return onAll != tries(cost);
        }

        private boolean tries(long cost) {
            if (!used.isFull() || !onAll && used.usual() * cost < SHORT_NANOS) {
                return false;
            }
            boolean slowed = sinceTrial >= FIRST_PAUSE && used.usual() > SLOWED * usualAtTrial;
            return sinceTrial >= pause || slowed;
        }

        void observed(boolean wasOnAll, double time) {
            boolean warm = wasOnAll == lastOnAll;
            lastOnAll = wasOnAll;
            if (wasOnAll == onAll) {
                sinceTrial++;
            }
            if (warm) {
                (wasOnAll == onAll ? used : tried).add(time);
            }
            if (tried.isFull()) {
                double one = (onAll ? tried : used).usual();
                double all = (onAll ? used : tried).usual();
                judge(onAll != all < WORTH * one);
            } else if (pause > 0 && tried.count >= ENOUGH && tried.least() > used.usual()) {
                judge(false);
            }
        }

        private void judge(boolean mistaken) {
            if (mistaken && (doubted || pause == 0)) {
                Recent better = tried;
                tried = used;
                used = better;
                onAll = !onAll;
                pause = FIRST_PAUSE;
                doubted = false;
            } else {
                pause = mistaken ? KEPT : Math.min(Math.max(FIRST_PAUSE, 4 * pause), LONGEST_PAUSE);
                doubted = mistaken;
            }
            sinceTrial = 0;
            usualAtTrial = used.usual();
            tried.clear();
        }
    }

    /** The last times of a way. */
    private static final class Recent {
        private final double[] times = new double[KEPT];
        private long count;

        void add(double time) {
            times[(int) (count++ % KEPT)] = time;
        }

        boolean isFull() {
            return count >= KEPT;
        }

        void clear() {
            count = 0;
        }

        /** Of one that is not full, nor empty. */
        double least() {
            return Arrays.stream(times, 0, (int) count).min().orElseThrow();
        }

        /** Of a full one. */
        double usual() {
            double[] sorted = times.clone();
            Arrays.sort(sorted);
            return sorted[1];
        }
    }
}
