package dev.leat.examples.service;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the requests in work: no more than a limit, and none once it is closed; thread-safe. */
final class Gate {

    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();
    private int inside; // guarded by lock
    private boolean closed; // guarded by lock

    Gate(int limit) {
        this.limit = limit;
    }

    /**
     * Lets a request in; {@link #leave()} must follow.
     *
     * @throws Problem if there are too many, or the service ends
     */
    void enter() {
        lock.lock();
        try {
            if (closed) {
                throw Problem.unavailable();
            } else if (inside >= limit) {
                throw Problem.overloaded();
            }
            inside++;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            inside--;
            empty.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int inside() {
        lock.lock();
        try {
            return inside;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody in any more and waits for those inside; returns whether all have left. */
    boolean close(Duration patience) {
        lock.lock();
        try {
            closed = true;
            long nanos = patience.toNanos();
            while (inside > 0 && nanos > 0) {
                nanos = empty.awaitNanos(nanos);
            }
            return inside == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
