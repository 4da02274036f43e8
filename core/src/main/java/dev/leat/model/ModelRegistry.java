package dev.leat.model;

import static java.util.Objects.requireNonNull;

import dev.leat.ModelLoadException;
import dev.leat.Provenance.ModelIdentity;
import dev.leat.observe.Broadcast;
import dev.leat.schedule.Clock;
import dev.leat.spi.ModelReference;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opened models, one for each reference however many pipelines lease it; thread-safe.
 *
 * <p>A lease opens nothing: a model is opened at its first use, by one thread while others wait, and closed when its
 * last lease is given back.
 */
public final class ModelRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(ModelRegistry.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ModelReference<?>, Entry> entries = new HashMap<>(); // guarded by lock

    private final Broadcast broadcast;
    private final Clock clock;

    /**
     * Creates an empty registry.
     *
     * @param broadcast told of models that are opened and closed
     * @param clock measures how long that takes
     */
    public ModelRegistry(Broadcast broadcast, Clock clock) {
        this.broadcast = broadcast;
        this.clock = clock;
    }

    /**
     * Keeps a model available until the lease is closed.
     *
     * @param reference which model
     * @return the lease
     */
    public Lease lease(ModelReference<?> reference) {
        requireNonNull(reference, "reference");
        lock.lock();
        try {
            Entry entry = entries.computeIfAbsent(reference, Entry::new);
            entry.leases++;
            return new Lease(entry);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the opened model of a leased reference, opening it if need be.
     *
     * @param <M> the opened model's type
     * @param reference a reference that somebody leases
     * @return the model; the caller does not close it
     * @throws ModelLoadException if it cannot be opened
     * @throws IllegalStateException if nobody leases it
     */
    @SuppressWarnings("unchecked") // a reference opens a model of its own type
    public <M extends AutoCloseable> M opened(ModelReference<M> reference) {
        Entry entry;
        lock.lock();
        try {
            entry = entries.get(reference);
        } finally {
            lock.unlock();
        }
        if (entry == null) {
            throw new IllegalStateException("Model '" + reference.id()
                    + "' is used but not leased; name it in the step's facts, or do not run a closed pipeline");
        }
        return (M) entry.opened();
    }

    /**
     * Returns how many models are open.
     *
     * @return a snapshot
     */
    public int openModels() {
        lock.lock();
        try {
            return (int) entries.values().stream().filter(e -> e.model != null).count();
        } finally {
            lock.unlock();
        }
    }

    /** Keeps a model available; closing it twice is the same as once. */
    public final class Lease implements AutoCloseable {
        private @Nullable Entry entry; // guarded by lock

        private Lease(Entry entry) {
            this.entry = entry;
        }

        @Override
        public void close() {
            Entry last = null;
            lock.lock();
            try {
                Entry mine = entry;
                entry = null;
                if (mine != null && --mine.leases == 0) {
                    entries.remove(mine.reference);
                    last = mine;
                }
            } finally {
                lock.unlock();
            }
            if (last != null) {
                last.close();
            }
        }
    }

    private final class Entry {
        private final ModelReference<?> reference;
        private final ReentrantLock opening = new ReentrantLock();
        private int leases; // guarded by the registry's lock
        private volatile @Nullable AutoCloseable model; // written under opening

        Entry(ModelReference<?> reference) {
            this.reference = reference;
        }

        private ModelIdentity identity() {
            return new ModelIdentity(reference.id(), reference.version(), reference.digest());
        }

        AutoCloseable opened() {
            AutoCloseable known = model;
            if (known != null) {
                return known;
            }
            opening.lock();
            try {
                known = model;
                if (known == null) {
                    long start = clock.nanos();
                    known = reference.open();
                    model = known;
                    broadcast.modelChanged(identity(), true, clock.nanos() - start);
                }
                return known;
            } finally {
                opening.unlock();
            }
        }

        void close() {
            opening.lock();
            try {
                AutoCloseable known = model;
                model = null;
                if (known != null) {
                    long start = clock.nanos();
                    known.close();
                    broadcast.modelChanged(identity(), false, clock.nanos() - start);
                }
            } catch (Exception e) {
                LOG.warn(
                        "Model {} did not close: {}",
                        reference.id(),
                        e.getClass().getName());
            } finally {
                opening.unlock();
            }
        }
    }
}
