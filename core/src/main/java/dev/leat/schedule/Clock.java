package dev.leat.schedule;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one source of time and of timers; thread-safe. */
public interface Clock extends AutoCloseable {

    /**
     * Returns the time.
     *
     * @return nanoseconds since some fixed moment, never falling
     */
    long nanos();

    /**
     * Runs an action once, later.
     *
     * @param action short, never blocking, never throwing
     * @param delayNanos from now; zero or less means at once
     * @return how to call it off
     */
    Timer schedule(Runnable action, long delayNanos);

    /** Stops the timers; actions not yet run never run. */
    @Override
    void close();

    /** An action that was scheduled. */
    @FunctionalInterface
    interface Timer {
        /** Calls the action off, if it has not begun. */
        void cancel();
    }

    /**
     * Returns a clock on the machine's own time; its one daemon thread starts at the first timer.
     *
     * @return a new clock
     */
    static Clock system() {
        return new SystemClock();
    }
}

/** The machine's time, with one daemon thread for timers that the executor starts at the first of them. */
final class SystemClock implements Clock {

    private final long origin = System.nanoTime();
    private final ScheduledThreadPoolExecutor timers;

    SystemClock() {
        timers = new ScheduledThreadPoolExecutor(1, Threads.daemon("timer"), new ThreadPoolExecutor.DiscardPolicy());
        timers.setRemoveOnCancelPolicy(true);
        timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long nanos() {
        return System.nanoTime() - origin;
    }

    @Override
    public Timer schedule(Runnable action, long delayNanos) {
        var future = timers.schedule(action, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }
}
