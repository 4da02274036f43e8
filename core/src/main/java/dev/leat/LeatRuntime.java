package dev.leat;

import static java.util.Objects.requireNonNull;

import dev.leat.cache.ResultCache;
import dev.leat.model.ModelRegistry;
import dev.leat.observe.Broadcast;
import dev.leat.observe.InferenceListener;
import dev.leat.observe.RuntimeSnapshot;
import dev.leat.schedule.Clock;
import dev.leat.schedule.ComputeBudget;
import dev.leat.schedule.Threads;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
    private final KeyedHash keyedHash = new KeyedHash();
    private final ExecutorService workers;
    private final ExecutorService dispatcher;

    private LeatRuntime(ComputeBudget budget, Clock clock, long maxCacheBytes) {
        this.budget = budget;
        this.clock = clock;
        this.models = new ModelRegistry(broadcast, clock);
        this.cache = new ResultCache(maxCacheBytes, clock);
        this.flights = new Flights(budget, models, clock);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                budget.permits(),
                budget.permits(),
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Threads.daemon("worker"));
        pool.allowCoreThreadTimeOut(true);
        this.workers = pool;
        this.dispatcher = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), Threads.daemon("dispatch"));
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
                models.openModels(),
                cache.stats(),
                broadcast.lost());
    }

    Broadcast broadcast() {
        return broadcast;
    }

    KeyedHash keyedHash() {
        return keyedHash;
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

    Executor dispatcher() {
        return dispatcher;
    }

    /** Refuses new work and lets running work end; close the pipelines first. Does nothing on the shared runtime. */
    @Override
    public void close() {
        if (this != Shared.RUNTIME) {
            unobserve.run();
            broadcast.close();
            budget.close();
            workers.shutdown();
            dispatcher.shutdown();
            clock.close();
        }
    }

    /** Builds a runtime; confined to one thread. */
    public static final class Builder {
        private @Nullable ComputeBudget budget;
        private @Nullable Clock clock;
        private long maxCacheBytes = -1;

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
         * Returns the runtime.
         *
         * @return a new runtime; the caller closes it
         */
        public LeatRuntime build() {
            return new LeatRuntime(
                    budget == null ? ComputeBudget.detect() : budget,
                    clock == null ? Clock.system() : clock,
                    maxCacheBytes < 0 ? ResultCache.DEFAULT_MAX_BYTES : maxCacheBytes);
        }
    }

    private static final class Shared {
        static final LeatRuntime RUNTIME = builder().build();
    }
}
