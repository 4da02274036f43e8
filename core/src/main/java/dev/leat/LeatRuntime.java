package dev.leat;

import static java.util.Objects.requireNonNull;

import dev.leat.cache.ResultCache;
import dev.leat.model.ModelRegistry;
import dev.leat.model.ProcessMemory;
import dev.leat.observe.Broadcast;
import dev.leat.observe.InferenceListener;
import dev.leat.observe.RuntimeSnapshot;
import dev.leat.schedule.Clock;
import dev.leat.schedule.ComputeBudget;
import dev.leat.schedule.Threads;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Owns what pipelines share: the compute budget, the opened models, the clock, the library's threads; thread-safe.
 *
 * <p>{@link #shared()} serves every pipeline that names no other. All threads are daemons and end when idle.
 */
public final class LeatRuntime implements AutoCloseable {

    private final ComputeBudget budget;
    private final Clock clock;
    private final ModelRegistry models;
    private final Broadcast broadcast = new Broadcast();
    private final Runnable unobserve;
    private final Flights flights;
    private final ResultCache cache;
    private final AtomicReference<@Nullable KeyedHash> keyedHash = new AtomicReference<>();
    private final ExecutorService workers;
    private final ExecutorService dispatcher;
    private final ProcessMemory memory;
    private final AtomicInteger sessions = new AtomicInteger();

    private LeatRuntime(
            ComputeBudget budget,
            Clock clock,
            long maxCacheBytes,
            ModelRegistry.Limits limits,
            boolean batches,
            boolean layouts) {
        this.budget = budget;
        this.clock = clock;
        this.dispatcher = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), Threads.daemon("dispatch"));
        this.memory = limits.memory();
        this.models = new ModelRegistry(broadcast, clock, this::dispatch, limits);
        this.cache = new ResultCache(maxCacheBytes, clock);
        this.flights = new Flights(
                budget, models, clock, new Layouts(models, dispatcher, layouts ? budget.permits() : 1), batches);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                budget.permits(),
                budget.permits(),
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Threads.daemon("worker"));
        pool.allowCoreThreadTimeOut(true);
        this.workers = pool;
        this.unobserve = broadcast.record(this::snapshot);
    }

    /**
     * Returns the runtime of everybody who names no other, created on first use.
     *
     * @return always the same; closing it does nothing
     */
    public static LeatRuntime shared() {
        return Shared.RUNTIME;
    }

    /**
     * Begins a runtime of your own.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the results that cached stages keep.
     *
     * @return one cache for all pipelines of this runtime
     */
    public ResultCache cache() {
        return cache;
    }

    /**
     * Adds a listener for all pipelines of this runtime.
     *
     * @param listener told from now on
     * @return close it to take the listener away
     */
    public AutoCloseable listen(InferenceListener listener) {
        broadcast.add(requireNonNull(listener, "listener"));
        return () -> broadcast.remove(listener);
    }

    /**
     * Returns what happens now, without content.
     *
     * @return a snapshot
     */
    public RuntimeSnapshot snapshot() {
        return new RuntimeSnapshot(
                flights.running(),
                budget.permits(),
                budget.waiting(),
                flights.oldestWait(),
                models.models(),
                sessions.get(),
                cache.stats(),
                broadcast.lost());
    }

    /**
     * Forgets the cached results that a model took part in.
     *
     * @param modelId the model's id, of whatever version
     */
    public void invalidateModel(String modelId) {
        requireNonNull(modelId, "modelId");
        cache.invalidate(key -> Keys.steps(key)
                .anyMatch(step -> step.facts().models().stream()
                        .anyMatch(model -> model.id().equals(modelId))));
    }

    ProcessMemory memory() {
        return memory;
    }

    /** How many sessions hold a window, of all pipelines. */
    AtomicInteger sessions() {
        return sessions;
    }

    Broadcast broadcast() {
        return broadcast;
    }

    /** Made when it is first needed, while the first model opens: random numbers and digests take a while to come. */
    KeyedHash keyedHash() {
        KeyedHash known = keyedHash.get();
        if (known != null) {
            return known;
        }
        KeyedHash hash = new KeyedHash();
        return keyedHash.compareAndSet(null, hash) ? hash : requireNonNull(keyedHash.get(), "keyedHash");
    }

    ComputeBudget budget() {
        return budget;
    }

    Clock clock() {
        return clock;
    }

    ModelRegistry models() {
        return models;
    }

    Flights flights() {
        return flights;
    }

    Executor workers() {
        return workers;
    }

    /** Runs something soon on a thread that may wait; on this one if the runtime is closed and has no others. */
    void dispatch(Runnable action) {
        try {
            dispatcher.execute(action);
        } catch (RejectedExecutionException closed) {
            action.run();
        }
    }

    /**
     * Refuses new work and waits up to {@link Pipeline#CLOSE_GRACE} for what runs to end; close the pipelines first.
     *
     * <p>Work that was cancelled may take moments to heed it; when this returns, it has. Called from within a run it
     * returns after the grace. Does nothing on the shared runtime.
     */
    @Override
    public void close() {
        if (this != Shared.RUNTIME) {
            unobserve.run();
            broadcast.close();
            budget.close();
            workers.shutdown();
            awaitEnd(Pipeline.CLOSE_GRACE);
            clock.close();
        }
    }

    private void awaitEnd(Duration most) {
        try {
            long end = System.nanoTime() + most.toNanos();
            budget.awaitEnd(most);
            dispatcher.shutdown(); // after the budget's threads, which use it to give models back
            boolean unused = dispatcher.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            dispatcher.shutdown();
            Thread.currentThread().interrupt();
        }
    }

    /** Builds a runtime; confined to one thread. */
    public static final class Builder {
        private @Nullable ComputeBudget budget;
        private @Nullable Clock clock;
        private long maxCacheBytes = -1;
        private long maxModelBytes = -1;
        private long memoryLimit = -1;
        private @Nullable Duration unloadAfter;
        private boolean batches = true;
        private boolean layouts = true;

        private Builder() {}

        /**
         * Sets who owns the CPU.
         *
         * @param budget taken over by the runtime; default {@link ComputeBudget#detect()}
         * @return this
         */
        public Builder computeBudget(ComputeBudget budget) {
            if (this.budget != null) {
                throw new IllegalStateException("computeBudget is set already");
            }
            this.budget = requireNonNull(budget, "budget");
            return this;
        }

        /**
         * Sets the source of time.
         *
         * @param clock taken over by the runtime; default {@link Clock#system()}
         * @return this
         */
        public Builder clock(Clock clock) {
            if (this.clock != null) {
                throw new IllegalStateException("clock is set already");
            }
            this.clock = requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets how much cached results may weigh together.
         *
         * @param bytes not negative; default {@link ResultCache#DEFAULT_MAX_BYTES}
         * @return this
         */
        public Builder maxCacheBytes(long bytes) {
            if (maxCacheBytes >= 0) {
                throw new IllegalStateException("maxCacheBytes is set already");
            }
            if (bytes < 0) {
                throw new IllegalArgumentException("maxCacheBytes must not be negative, was " + bytes);
            }
            maxCacheBytes = bytes;
            return this;
        }

        /**
         * Sets after how long a model is closed that no run uses; the next use opens it again.
         *
         * @param idle positive; default: a model stays open as long as a pipeline has it
         * @return this
         */
        public Builder unloadAfter(Duration idle) {
            if (unloadAfter != null) {
                throw new IllegalStateException("unloadAfter is set already");
            }
            unloadAfter = requireNonNull(idle, "idle");
            return this;
        }

        /**
         * Says whether items of several callers may be run together; they are only where that is measured to save time.
         *
         * @param allowed default true
         * @return this
         */
        public Builder batches(boolean allowed) {
            batches = allowed;
            return this;
        }

        /**
         * Says whether a run that is the only one may use every permit; it does only where that is measured to be
         * faster, and where a second session of its model fits into memory.
         *
         * @param allowed default true
         * @return this
         */
        public Builder spreading(boolean allowed) {
            layouts = allowed;
            return this;
        }

        /**
         * Sets how much open models may weigh together: for another one those go first that were used longest ago.
         *
         * <p>A model in use is never closed; if those in use leave too little room, a run that needs another fails with
         * {@link OverloadedException}. One that could never fit is a {@link ModelLoadException}.
         *
         * @param bytes at least 1; default: no ceiling but the memory limit
         * @return this
         */
        public Builder maxModelBytes(long bytes) {
            maxModelBytes = requireUnset("maxModelBytes", maxModelBytes, bytes);
            return this;
        }

        /**
         * Sets how much memory this process may take: a model that does not fit into what is left of it, its largest
         * run included, is refused with {@link ModelLoadException}.
         *
         * @param bytes at least 1; default: what the container or the machine has, on Linux
         * @return this
         */
        public Builder memoryLimit(long bytes) {
            memoryLimit = requireUnset("memoryLimit", memoryLimit, bytes);
            return this;
        }

        private static long requireUnset(String property, long present, long bytes) {
            if (present >= 0) {
                throw new IllegalStateException(property + " is set already");
            }
            if (bytes < 1) {
                throw new IllegalArgumentException(property + " must be at least 1, was " + bytes);
            }
            return bytes;
        }

        /**
         * Returns the runtime.
         *
         * @return a new runtime; the caller closes it
         */
        public LeatRuntime build() {
            return new LeatRuntime(
                    budget == null ? ComputeBudget.detect() : budget,
                    clock == null ? Clock.system() : clock,
                    maxCacheBytes < 0 ? ResultCache.DEFAULT_MAX_BYTES : maxCacheBytes,
                    new ModelRegistry.Limits(
                            unloadAfter,
                            maxModelBytes < 0 ? Long.MAX_VALUE : maxModelBytes,
                            memoryLimit < 0 ? ProcessMemory.detect() : ProcessMemory.limitedTo(memoryLimit)),
                    batches,
                    layouts);
        }
    }

    private static final class Shared {
        static final LeatRuntime RUNTIME = builder().build();
    }
}
