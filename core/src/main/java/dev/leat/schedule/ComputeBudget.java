package dev.leat.schedule;

import static java.util.Objects.requireNonNull;

import dev.leat.OverloadedException;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one owner of CPU for heavy work in this JVM: as many threads as permits, one queue, smallest order first.
 *
 * <p>Thread-safe. Guarantees:
 *
 * <ul>
 *   <li>at most {@link #permits()} pieces of work run at a moment, each on a daemon thread of the budget's own;
 *   <li>a free thread takes the waiting piece with the smallest order, ties in order of arrival;
 *   <li>a piece is run once, withdrawn once, or refused: never two of these;
 *   <li>the queue is bounded: past its limit a piece is refused at once.
 * </ul>
 *
 * <p>Work given to a budget must not wait for other work of the same budget.
 */
public final class ComputeBudget implements AutoCloseable {

    /** The most pieces that wait at a moment, unless set otherwise. */
    public static final int DEFAULT_QUEUE_LIMIT = 10_000;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int permits;
    private final int queueLimit;
    private final ThreadFactory threadFactory = Threads.daemon("compute");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition ended = lock.newCondition(); // the last thread of a closed budget

    // All guarded by lock.
    private final TreeSet<Place> queue = new TreeSet<>();
    private long sequence;
    private int threads;
    private int idle;
    private int running; // pieces under way, and permits that one of them holds beside its own
    private boolean closed;

    private ComputeBudget(int permits, int queueLimit) {
        if (permits < 1 || queueLimit < 1) {
            throw new IllegalArgumentException(
                    "permits and queueLimit must be at least 1, were " + permits + " and " + queueLimit);
        }
        this.permits = permits;
        this.queueLimit = queueLimit;
    }

    /**
     * Returns a budget of as many permits as this process may use processors, a part counting as one. On Linux that
     * heeds affinity, cpusets and the quotas of the control groups, those around the process's own included.
     *
     * @return a new budget
     */
    public static ComputeBudget detect() {
        return new ComputeBudget(Processors.detect().permits(), DEFAULT_QUEUE_LIMIT);
    }

    /**
     * Returns why {@link #detect} gives as many permits as it does.
     *
     * @return for people, one line
     */
    public static String explainDetection() {
        return Processors.detect().toString();
    }

    /**
     * Returns a budget of so many permits.
     *
     * @param permits at least 1
     * @param queueLimit the most pieces that wait at a moment, at least 1
     * @return a new budget
     */
    public static ComputeBudget of(int permits, int queueLimit) {
        return new ComputeBudget(permits, queueLimit);
    }

    /**
     * Returns how many pieces may run at a moment.
     *
     * @return at least 1
     */
    public int permits() {
        return permits;
    }

    /**
     * Returns how many pieces wait.
     *
     * @return a snapshot
     */
    public int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns how many permits are in use.
     *
     * @return a snapshot
     */
    public int running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the pieces that would run next.
     *
     * @param most how many at most
     * @return a snapshot, in order
     */
    public List<Place> next(int most) {
        lock.lock();
        try {
            return queue.stream().limit(most).toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Queues a piece of work.
     *
     * @param order its place, smallest first
     * @param work done once on a thread of the budget; must not throw
     * @return its place in the queue
     * @throws OverloadedException if the queue is full
     * @throws IllegalStateException if the budget is closed
     */
    public Place submit(long order, Work work) {
        requireNonNull(work, "work");
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("ComputeBudget is closed");
            }
            if (queue.size() >= queueLimit) {
                throw new OverloadedException("The compute queue is full (" + queueLimit + " pieces of work wait)");
            }
            Place place = new Place(order, sequence++, work);
            queue.add(place);
            // An idle thread already signalled still counts as idle, so it is the queue's length that decides.
            if (queue.size() > idle && threads < permits) {
                threads++;
                threadFactory.newThread(this::serve).start();
            } else {
                arrived.signal();
            }
            return place;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses new work; what waits and runs is still done, which {@link #awaitEnd} waits for. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a closed budget has done all its work and told everybody.
     *
     * @param most how long to wait
     * @return false if work was still going on, as when called from a thread of the budget
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean awaitEnd(Duration most) throws InterruptedException {
        lock.lock();
        try {
            long left = most.toNanos();
            while (!closed || threads > 0) {
                if (left <= 0) {
                    return false;
                }
                left = ended.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes all other permits for the piece that the calling thread runs, if it is the only one and none waits.
     *
     * <p>What arrives meanwhile waits until {@link #giveOthers}. Nobody ever waits for permits while holding one.
     *
     * @return true if they are taken; always false if there is one permit only
     */
    public boolean takeOthers() {
        lock.lock();
        try {
            boolean alone = permits > 1 && running == 1 && queue.isEmpty();
            if (alone) {
                running = permits;
            }
            return alone;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives back what {@link #takeOthers} took.
     *
     * @return true if somebody had to wait for it
     */
    public boolean giveOthers() {
        lock.lock();
        try {
            running = 1;
            arrived.signalAll();
            return !queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void serve() {
        for (Place next = take(); next != null; next = take()) {
            Runnable told = next.work.run();
            free();
            told.run();
        }
    }

    /** Before anybody learns of the end: whoever comes with the next piece shall not find this one still there. */
    private void free() {
        lock.lock();
        try {
            running--;
            if (!queue.isEmpty()) {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns the next piece, or null when this thread has been idle long enough to end. */
    private @Nullable Place take() {
        lock.lock();
        try {
            long left = IDLE_NANOS;
            idle++;
            try {
                while (queue.isEmpty() || running >= permits) {
                    if (queue.isEmpty() && (closed || left <= 0)) {
                        return end();
                    }
                    left = arrived.awaitNanos(queue.isEmpty() ? left : IDLE_NANOS);
                }
            } catch (InterruptedException e) {
                // Nobody but a host that interrupts foreign threads does this: the thread ends, another will start.
                if (queue.isEmpty() || running >= permits) {
                    return end();
                }
            } finally {
                idle--;
            }
            running++;
            return queue.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Place end() {
        threads--;
        if (closed && threads == 0) {
            ended.signalAll();
        }
        return null;
    }

    /** A piece of work. */
    @FunctionalInterface
    public interface Work {
        /**
         * Does it, on a thread that holds a permit.
         *
         * @return what to do on the same thread when the permit is free again: short, such as telling who waits for it
         */
        Runnable run();
    }

    /** A piece of work's place in the queue; thread-safe. */
    public final class Place implements Comparable<Place> {

        private final Work work;
        private final long arrival;
        private long order; // guarded by lock

        private Place(long order, long arrival, Work work) {
            this.order = order;
            this.arrival = arrival;
            this.work = work;
        }

        /**
         * Returns the piece.
         *
         * @return as submitted
         */
        public Work work() {
            return work;
        }

        /**
         * Takes the piece out of the queue.
         *
         * @return true if it was waiting and now never runs
         */
        public boolean withdraw() {
            lock.lock();
            try {
                return queue.remove(this);
            } finally {
                lock.unlock();
            }
        }

        /**
         * Moves the piece forward.
         *
         * @param earlier its new order, if smaller than the present one
         */
        public void hasten(long earlier) {
            lock.lock();
            try {
                if (earlier < order && queue.remove(this)) {
                    order = earlier;
                    queue.add(this);
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int compareTo(Place other) {
            int byOrder = Long.compare(order, other.order);
            return byOrder != 0 ? byOrder : Long.compare(arrival, other.arrival);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(arrival);
        }
    }
}
