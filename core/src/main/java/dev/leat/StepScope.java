package dev.leat;

import dev.leat.model.ModelRegistry;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lent to a step; collects times and facts on the step's thread, cancellation comes from others. */
final class StepScope implements RunScope {
    private final ModelRegistry models;
    private int threads; // of the step's thread
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition actionEnded = lock.newCondition();
    private final Map<Object, Runnable> actions = new LinkedHashMap<>(); // guarded by lock
    private boolean acting; // guarded by lock
    private volatile boolean cancelled;
    private final Map<ModelReference<?>, ModelRegistry.Use<?>> uses = new HashMap<>(); // of the step's thread

    final long[] phases = new long[Phase.values().length];
    private final Map<Integer, Map<String, Long>> facts = new HashMap<>();

    /** On behalf of a call that may use so many threads. */
    StepScope(ModelRegistry models, int threads) {
        this.models = models;
        this.threads = threads;
    }

    /** How many threads the step's models use. */
    int threads() {
        return threads;
    }

    /** What was noted of an item. */
    Map<String, Long> facts(int item) {
        return Map.copyOf(facts.getOrDefault(item, Map.of()));
    }

    @Override
    @SuppressWarnings("unchecked") // a reference's use is of its model's type
    public <M extends AutoCloseable> M model(ModelReference<M> reference) {
        if (threads > 1 && !uses.containsKey(reference)) {
            try {
                uses.put(reference, models.use(reference.spread(threads)));
            } catch (ModelLoadException | OverloadedException e) {
                threads = 1; // closed meanwhile, and there is no room for it any more: one thread does as well
            }
        }
        return ((ModelRegistry.Use<M>) uses.computeIfAbsent(reference, models::use)).model();
    }

    /** Lets the models go that the step has used; called on the step's thread after its end. */
    void endUses() {
        uses.values().forEach(ModelRegistry.Use::close);
        uses.clear();
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

    @Override
    public void spent(Phase phase, long nanos) {
        phases[phase.ordinal()] += nanos;
    }

    @Override
    public void note(int item, String fact, long value) {
        facts.computeIfAbsent(item, any -> new LinkedHashMap<>(4)).merge(fact, value, Long::sum);
    }
}
