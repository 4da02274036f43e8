package dev.leat;

import dev.leat.schedule.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** How many runs a pipeline works on at a moment, and what becomes of the others; thread-safe. */
final class Admission {

    /*
     * A run is admitted, refused, or held. A held run is opened when an admitted one leaves, in order of arrival; its
     * timer or its cancellation takes it out of the line, whichever is first. Runs are told without the lock held.
     * A session's admission lets its runs into the pipeline's, which is next.
     */

    private final String pipeline;
    private final int maxRuns;
    private final Overflow overflow;
    private final LeatRuntime runtime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Run, Clock.Timer> held = new LinkedHashMap<>(); // guarded by lock
    private final Set<Run> admitted = new HashSet<>(); // guarded by lock
    private final @Nullable Admission next;

    Admission(String pipeline, int maxRuns, Overflow overflow, LeatRuntime runtime, @Nullable Admission next) {
        this.pipeline = pipeline;
        this.maxRuns = maxRuns;
        this.overflow = overflow;
        this.runtime = runtime;
        this.next = next;
    }

    /** Opens a run now, later, or as refused. */
    void enter(Run run) {
        if (maxRuns == Integer.MAX_VALUE) {
            letIn(run);
            return;
        }
        boolean now = false;
        boolean waits = false;
        lock.lock();
        try {
            if (admitted.size() < maxRuns) {
                admitted.add(run);
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
            letIn(run);
        } else if (!waits) {
            refuse(run);
        }
    }

    private void letIn(Run run) {
        if (next == null) {
            run.open(null, false);
        } else {
            next.enter(run);
        }
    }

    /** Takes a run that wants to end out of the line. */
    void withdraw(Run run) {
        if (remove(run)) {
            refuse(run);
        } else if (next != null) {
            next.withdraw(run);
        }
    }

    /** Gives a run's room to the next; does nothing for a run that was refused here. */
    void leave(Run run) {
        if (next != null) {
            next.leave(run);
        }
        if (maxRuns == Integer.MAX_VALUE) {
            return;
        }
        Run follower = null;
        lock.lock();
        try {
            if (admitted.remove(run) && !held.isEmpty()) {
                follower = held.keySet().iterator().next();
                admitted.add(follower);
                Clock.Timer timer = held.remove(follower);
                if (timer != null) {
                    timer.cancel();
                }
            }
        } finally {
            lock.unlock();
        }
        if (follower != null) {
            // Not in this thread: a run that ends in its opening would open the next, and so on, on one stack.
            Run opened = follower;
            runtime.dispatch(() -> letIn(opened));
        }
    }

    private void expire(Run run) {
        if (remove(run)) {
            refuse(run);
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

    private void refuse(Run run) {
        runtime.broadcast().refused(pipeline);
        run.open(
                new OverloadedException("Pipeline '" + pipeline + "' "
                        + (next == null
                                ? "works on " + maxRuns + " runs already"
                                : "has no room for more in this session")),
                overflow.kind() == Overflow.Kind.FALL_BACK);
    }
}
