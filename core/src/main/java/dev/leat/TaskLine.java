package dev.leat;

import org.jspecify.annotations.Nullable;

/**
 * The light work of a run that waits for a worker, first come first served; thread-safe.
 *
 * <p>Tasks hold each other, so that a line costs a run no objects. A monitor rather than a lock for the same reason:
 * nothing under it blocks or calls anything.
 */
final class TaskLine {

    private @Nullable Task first;
    private @Nullable Task last;

    /** Waits in one line once. */
    abstract static class Task {
        private @Nullable Task next;

        abstract void work();
    }

    synchronized void add(Task task) {
        if (last == null) {
            first = task;
        } else {
            last.next = task;
        }
        last = task;
    }

    /** Takes the next task, or null if there is none. */
    synchronized @Nullable Task poll() {
        Task task = first;
        if (task != null) {
            first = task.next;
            task.next = null; // what is done must not keep alive what came after it
            if (first == null) {
                last = null;
            }
        }
        return task;
    }

    synchronized boolean isEmpty() {
        return first == null;
    }
}
