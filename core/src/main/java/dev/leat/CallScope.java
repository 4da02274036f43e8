package dev.leat;

import dev.leat.model.ModelRegistry;
import dev.leat.spi.ModelReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lent to a call of a heavy step, which others may cancel and which may use several threads. */
final class CallScope extends StepScope {
    private int threads; // of the step's thread
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition actionEnded = lock.newCondition();
    private final Map<Object, Runnable> actions = new LinkedHashMap<>(); // guarded by lock
    private boolean acting; // guarded by lock
    private volatile boolean cancelled;
    private Reads reads = Reads.WHOLE; // of the step's thread

    /** On behalf of a call that may use so many threads. */
    CallScope(ModelRegistry models, int threads) {
        super(models);
        this.threads = threads;
    }

    /** How many threads the step's models use. */
    int threads() {
        return threads;
    }

    /** States what is read of the values, before the step begins. */
    void readAre(Reads parts) {
        reads = parts;
    }

    @Override
    public boolean isRead(String part) {
        return reads.has(part);
    }

    @Override
    ModelRegistry.Use<?> use(ModelReference<?> reference) {
        if (threads > 1) {
            try {
                return models.use(reference.spread(threads));
            } catch (ModelLoadException | OverloadedException e) {
                threads = 1; // closed meanwhile, and there is no room for it any more: one thread does as well
            }
        }
        return models.use(reference);
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public Registration onCancel(Runnable action) {
        Object mine = new Object();
        boolean now;
        lock.lock();
        try {
            now = cancelled;
            if (!now) {
                actions.put(mine, action);
            }
        } finally {
            lock.unlock();
        }
        if (now) {
            action.run();
        }
        return () -> unregister(mine);
    }

    private void unregister(Object mine) {
        lock.lock();
        try {
            actions.remove(mine);
            // Actions are quick by contract; what they act on must not go away under them.
            while (acting) {
                actionEnded.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    void cancel() {
        List<Runnable> due;
        lock.lock();
        try {
            cancelled = true;
            due = List.copyOf(actions.values());
            actions.clear();
            acting = true;
        } finally {
            lock.unlock();
        }
        try {
            due.forEach(Runnable::run);
        } finally {
            lock.lock();
            try {
                acting = false;
                actionEnded.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
