package dev.leat;

import dev.leat.schedule.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** How many runs a pipeline works on at a moment, and what becomes of the others; thread-safe. */
final class Admission {

    /*
     * A run is admitted, refused, or held. A held run is opened when an admitted one leaves, in order of arrival; its
     * timer or its cancellation takes it out of the line, whichever is first. Runs are told without the lock held.
     */

    private final String pipeline;
    private final int maxRuns;
    private final Overflow overflow;
    private final LeatRuntime runtime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Run, Clock.Timer> held = new LinkedHashMap<>(); // guarded by lock
    private int admitted; // guarded by lock

    Admission(String pipeline, int maxRuns, Overflow overflow, LeatRuntime runtime) {
        this.pipeline = pipeline;
        this.maxRuns = maxRuns;
        this.overflow = overflow;
        this.runtime = runtime;
    }

    /** Opens a run now, later, or as refused. */
    void enter(Run run) {
        boolean now = false;
        boolean waits = false;
        lock.lock();
        try {
            if (admitted < maxRuns) {
                admitted++;
                now = true;
            } else if (overflow.kind() == Overflow.Kind.WAIT && held.size() < Overflow.MAX_WAITING) {
                long wait = Math.min(overflow.waitNanos(), run.nanosToDeadline());
                held.put(run, runtime.clock().schedule(() -> expire(run), wait));
                waits = true;
            }
        } finally {
            lock.unlock();
        }
        if (now) {
            run.open(null);
        } else if (!waits) {
            run.open(refusal());
        }
    }

    /** Takes a run that wants to end out of the line. */
    void withdraw(Run run) {
        if (remove(run)) {
            run.open(refusal());
        }
    }

    /** Gives a run's room to the next. */
    void leave(Run run) {
        if (run.refused()) {
            return;
        }
        Run next = null;
        lock.lock();
        try {
            if (held.isEmpty()) {
                admitted--;
            } else {
                next = held.keySet().iterator().next();
                Clock.Timer timer = held.remove(next);
                if (timer != null) {
                    timer.cancel();
                }
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            // Not in this thread: a run that ends in its opening would open the next, and so on, on one stack.
            Run opened = next;
            runtime.dispatcher().execute(() -> opened.open(null));
        }
    }

    boolean fallsBack() {
        return overflow.kind() == Overflow.Kind.FALL_BACK;
    }

    private void expire(Run run) {
        if (remove(run)) {
            run.open(refusal());
        }
    }

    private boolean remove(Run run) {
        lock.lock();
        try {
            Clock.@Nullable Timer timer = held.remove(run);
            if (timer != null) {
                timer.cancel();
            }
            return timer != null;
        } finally {
            lock.unlock();
        }
    }

    String pipeline() {
        return pipeline;
    }

    private OverloadedException refusal() {
        runtime.broadcast().refused(pipeline);
        return new OverloadedException("Pipeline '" + pipeline + "' works on " + maxRuns + " runs already");
    }
}
