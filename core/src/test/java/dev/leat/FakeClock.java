package dev.leat;

import dev.leat.schedule.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Time that stands still until a test moves it; thread-safe. */
final class FakeClock implements Clock {

    private record Due(long at, Runnable action) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Due> timers = new ArrayList<>(); // guarded by lock
    private long now; // guarded by lock

    @Override
    public long nanos() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Timer schedule(Runnable action, long delayNanos) {
        lock.lock();
        try {
            Due due = new Due(now + delayNanos, action);
            timers.add(due);
            return () -> cancel(due);
        } finally {
            lock.unlock();
        }
    }

    private void cancel(Due due) {
        lock.lock();
        try {
            timers.remove(due);
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return timers.size();
        } finally {
            lock.unlock();
        }
    }

    /** Moves time and runs what has become due, in order, in this thread. */
    void advance(long nanos) {
        List<Due> due;
        lock.lock();
        try {
            now += nanos;
            due = timers.stream()
                    .filter(t -> t.at <= now)
                    .sorted(Comparator.comparingLong(Due::at))
                    .toList();
            timers.removeAll(due);
        } finally {
            lock.unlock();
        }
        due.forEach(d -> d.action.run());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            timers.clear();
        } finally {
            lock.unlock();
        }
    }
}
