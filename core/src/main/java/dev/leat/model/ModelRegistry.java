package dev.leat.model;

import static java.util.Objects.requireNonNull;

import dev.leat.ModelLoadException;
import dev.leat.OverloadedException;
import dev.leat.Provenance.ModelIdentity;
import dev.leat.observe.Broadcast;
import dev.leat.observe.InferenceListener.ModelChange;
import dev.leat.observe.RuntimeSnapshot;
import dev.leat.observe.RuntimeSnapshot.ModelState;
import dev.leat.schedule.Clock;
import dev.leat.spi.ModelReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opened models, one for each reference however many pipelines lease it; thread-safe.
 *
 * <p>A lease opens nothing: a model is opened at its first use, by one thread while others wait, or shortly before
 * ({@link #openAhead}). It is closed when its
 * last lease is given back, when it was not used for a while, or when another model needs its room; in the latter cases
 * the next use opens it again. A model in use is never closed.
 */
public final class ModelRegistry {

    /*
     * Life of a model
     *
     * An entry exists while somebody leases or uses its reference. Its state goes UNLOADED, LOADING, LOADED, UNLOADING,
     * UNLOADED; whoever has set LOADING or UNLOADING is alone in opening or closing the model, without the lock, and
     * others wait for the change. The registry's lock guards all of it.
     *
     * INVARIANT: only a model without uses becomes UNLOADING. A use counts before it looks at the state, so that a
     * thread that waits for a model keeps it once it is there.
     *
     * INVARIANT: bytes is what the LOADING and LOADED entries weigh. What is UNLOADING counts no more, and is closed by
     * the thread that needs its room before that thread opens anything.
     */

    private static final Logger LOG = LoggerFactory.getLogger(ModelRegistry.class);

    /** How long the end of the last lease waits for uses to end; the last one closes the model if they do not. */
    private static final long RELEASE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Broadcast broadcast;
    private final Clock clock;
    private final Executor executor;
    private final Limits limits;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final Map<ModelReference<?>, Entry> entries = new HashMap<>();
    private long bytes;
    private boolean sweepArmed;

    /**
     * How many models may be open, and for how long; immutable.
     *
     * @param idle how long a model stays open that nobody uses; null: for as long as it is leased
     * @param maxBytes what open models may weigh together, at least 1; {@code Long.MAX_VALUE}: no ceiling
     * @param memory what the process may take and takes
     */
    public record Limits(@Nullable Duration idle, long maxBytes, ProcessMemory memory) {
        /** Checks the components. */
        public Limits {
            if (idle != null && (idle.isNegative() || idle.isZero())) {
                throw new IllegalArgumentException("idle must be positive, was " + idle);
            }
            if (maxBytes < 1) {
                throw new IllegalArgumentException("maxBytes must be at least 1, was " + maxBytes);
            }
            requireNonNull(memory, "memory");
        }
    }

    /**
     * Creates an empty registry.
     *
     * @param broadcast told of models that are opened and closed
     * @param clock measures how long that takes, and for how long a model was not used
     * @param executor closes models that were not used for a while
     * @param limits when models are closed that are still leased
     */
    public ModelRegistry(Broadcast broadcast, Clock clock, Executor executor, Limits limits) {
        this.broadcast = broadcast;
        this.clock = clock;
        this.executor = executor;
        this.limits = limits;
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
     * Begins a use of a leased model, opening it if need be.
     *
     * @param <M> the opened model's type
     * @param reference a reference that somebody leases
     * @return the use; while it is not closed, the model is not
     * @throws ModelLoadException if it cannot be opened, or could never fit
     * @throws OverloadedException if it does not fit beside the models that are in use now
     * @throws IllegalStateException if nobody leases it
     */
    public <M extends AutoCloseable> Use<M> use(ModelReference<M> reference) {
        List<Entry> victims = new ArrayList<>();
        Entry entry;
        lock.lock();
        try {
            Entry known = entries.get(reference);
            if (known == null || known.leases == 0) {
                throw new IllegalStateException("Model '" + reference.id()
                        + "' is used but not leased; name it in the step's facts, or do not run a closed pipeline");
            }
            entry = known;
            entry.uses++;
            while (entry.state == ModelState.LOADING || entry.state == ModelState.UNLOADING) {
                changed.awaitUninterruptibly();
            }
            if (entry.state == ModelState.LOADED) {
                return new Use<>(entry);
            }
            try {
                victims.addAll(makeRoom(reference));
            } catch (RuntimeException e) {
                entry.uses--;
                forgetIfUnwanted(entry);
                changed.signalAll();
                throw e;
            }
            entry.state = ModelState.LOADING;
            bytes += reference.residentBytes();
        } finally {
            lock.unlock();
        }
        victims.forEach(victim -> close(victim, ModelChange.UNLOADED_FOR_ROOM));
        open(entry);
        return new Use<>(entry);
    }

    /**
     * Returns the models that somebody leases or uses.
     *
     * @return a snapshot, by id
     */
    public List<RuntimeSnapshot.Model> models() {
        long now = clock.nanos();
        lock.lock();
        try {
            // A model has an entry for each of its layouts, of which those that are not open are not worth a line.
            Set<ModelIdentity> open = entries.values().stream()
                    .filter(entry -> entry.state != ModelState.UNLOADED)
                    .map(entry -> entry.identity)
                    .collect(Collectors.toSet());
            Set<ModelIdentity> listed = new HashSet<>();
            return entries.values().stream()
                    .filter(entry -> entry.state != ModelState.UNLOADED
                            || !open.contains(entry.identity) && listed.add(entry.identity))
                    .map(entry -> entry.look(now))
                    .sorted(Comparator.comparing(RuntimeSnapshot.Model::id))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns whether models are open.
     *
     * @param references which models
     * @return a snapshot; true if there are none
     */
    public boolean areOpen(Collection<ModelReference<?>> references) {
        if (references.isEmpty()) {
            return true;
        }
        lock.lock();
        try {
            for (ModelReference<?> reference : references) {
                Entry entry = entries.get(reference);
                if (entry == null || entry.state != ModelState.LOADED) {
                    return false;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Opens leased models that will be needed soon, each on a thread of its own; nobody waits for them.
     *
     * <p>If they do not fit together beside all that is open, they are left for their first use. One that cannot be
     * opened is left, too: its first use tries again, and its caller learns why.
     *
     * @param references which models; what is open or being opened is left alone
     */
    public void openAhead(Collection<ModelReference<?>> references) {
        List<ModelReference<?>> closed = new ArrayList<>();
        lock.lock();
        try {
            for (ModelReference<?> reference : references) {
                Entry entry = entries.get(reference);
                if (entry != null && entry.leases > 0 && entry.state == ModelState.UNLOADED) {
                    closed.add(reference);
                }
            }
            if (closed.size() < 2 || !fit(closed)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        closed.forEach(reference -> executor.execute(() -> tryToOpen(reference)));
    }

    private void tryToOpen(ModelReference<?> reference) {
        try {
            use(reference).close();
        } catch (RuntimeException e) {
            LOG.debug("Model {} was not opened ahead: {}", reference.id(), e.getClass());
        }
    }

    /**
     * Returns whether a model could be opened now beside all that are open.
     *
     * @param reference which model
     * @return false if others would have to go, or memory would not do
     */
    public boolean fits(ModelReference<?> reference) {
        lock.lock();
        try {
            return fit(List.of(reference));
        } finally {
            lock.unlock();
        }
    }

    /** Whether all of them could be opened beside what is open; called with the lock held. */
    private boolean fit(List<ModelReference<?>> references) {
        long weight = 0;
        long run = 0;
        for (ModelReference<?> reference : references) {
            weight += reference.residentBytes();
            run = Math.max(run, reference.runBytes());
        }
        long most = limits.memory.limitBytes();
        return weight <= limits.maxBytes - bytes
                && (most == Long.MAX_VALUE || weight + run <= most - limits.memory.usedBytes());
    }

    /** Returns the idle models to be closed, now UNLOADING, so that a model fits; called with the lock held. */
    private List<Entry> makeRoom(ModelReference<?> reference) {
        long weight = reference.residentBytes();
        List<Entry> idle = entries.values().stream()
                .filter(e -> e.state == ModelState.LOADED && e.uses == 0)
                .sorted(Comparator.comparingLong(e -> e.lastUsed))
                .toList();
        long freeable =
                idle.stream().mapToLong(e -> e.reference.residentBytes()).sum();
        long over = weight - (limits.maxBytes - bytes);
        if (over > freeable) {
            throw noRoom(reference, weight > limits.maxBytes);
        }
        long most = limits.memory.limitBytes();
        if (most != Long.MAX_VALUE && weight > 0) {
            long left = most - limits.memory.usedBytes();
            long whole = weight + reference.runBytes();
            if (whole > left + freeable) {
                throw new ModelLoadException(
                        reference.id(),
                        "Model '" + reference.id() + "' and its largest run need about " + mebibytes(whole)
                                + ", but of the " + mebibytes(most) + " that this process may take "
                                + mebibytes(Math.max(0, left)) + " are left. Raise the container's memory limit, lower "
                                + "-Xmx, or use fewer or smaller models.");
            }
            over = Math.max(over, whole - left);
        }
        List<Entry> victims = new ArrayList<>();
        for (Entry entry : idle) {
            if (over <= 0) {
                break;
            }
            over -= entry.reference.residentBytes();
            unloading(entry);
            victims.add(entry);
        }
        return victims;
    }

    private RuntimeException noRoom(ModelReference<?> reference, boolean ever) {
        String subject = "Model '" + reference.id() + "' needs about " + mebibytes(reference.residentBytes());
        return ever
                ? new ModelLoadException(
                        reference.id(),
                        subject + ", more than all models together may take (maxModelBytes "
                                + mebibytes(limits.maxBytes) + "). Raise it, or use a smaller model.")
                : new OverloadedException(subject + ", and models that are in use leave less of maxModelBytes ("
                        + mebibytes(limits.maxBytes) + ")");
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }

    private void open(Entry entry) {
        long start = clock.nanos();
        broadcast.modelChanged(entry.identity, ModelChange.LOADING, 0);
        AutoCloseable model = null;
        try {
            model = requireNonNull(entry.reference.open(), "an opened model");
        } finally {
            boolean opened = model != null;
            lock.lock();
            try {
                entry.model = model;
                entry.state = opened ? ModelState.LOADED : ModelState.UNLOADED;
                if (!opened) {
                    bytes -= entry.reference.residentBytes();
                    entry.uses--;
                    forgetIfUnwanted(entry);
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            broadcast.modelChanged(
                    entry.identity, opened ? ModelChange.LOADED : ModelChange.FAILED, clock.nanos() - start);
        }
    }

    /** Called with the lock held. */
    private void unloading(Entry entry) {
        entry.state = ModelState.UNLOADING;
        bytes -= entry.reference.residentBytes();
    }

    /** Closes a model that is UNLOADING; called without the lock. */
    private void close(Entry entry, ModelChange why) {
        long start = clock.nanos();
        AutoCloseable model = entry.model;
        try {
            if (model != null) {
                model.close();
            }
        } catch (Exception e) {
            LOG.warn(
                    "Model {} did not close: {}",
                    entry.reference.id(),
                    e.getClass().getName());
        } finally {
            lock.lock();
            try {
                entry.model = null;
                entry.state = ModelState.UNLOADED;
                forgetIfUnwanted(entry);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            broadcast.modelChanged(entry.identity, why, clock.nanos() - start);
        }
    }

    /** Called with the lock held. */
    private void forgetIfUnwanted(Entry entry) {
        if (entry.leases == 0 && entry.uses == 0 && entry.state == ModelState.UNLOADED) {
            entries.remove(entry.reference, entry);
        }
    }

    /** Closes an entry that nobody leases or uses any more; called with the lock held, returns whether to close. */
    private boolean leftByAll(Entry entry) {
        if (entry.leases > 0 || entry.uses > 0) {
            return false;
        }
        if (entry.state == ModelState.LOADED) {
            unloading(entry);
            return true;
        }
        forgetIfUnwanted(entry);
        return false;
    }

    /** Sees to it that idle models are looked for when the next may be due; called with the lock held. */
    private void armSweep(long nanos) {
        if (limits.idle != null && !sweepArmed) {
            sweepArmed = true;
            clock.schedule(() -> executor.execute(this::sweep), nanos);
        }
    }

    private void sweep() {
        long idleNanos = limits.idle == null ? Long.MAX_VALUE : limits.idle.toNanos();
        List<Entry> victims = new ArrayList<>();
        lock.lock();
        try {
            sweepArmed = false;
            long now = clock.nanos();
            long next = Long.MAX_VALUE;
            for (Entry entry : entries.values()) {
                if (entry.state == ModelState.LOADED && entry.uses == 0) {
                    long left = idleNanos - (now - entry.lastUsed);
                    if (left <= 0) {
                        unloading(entry);
                        victims.add(entry);
                    } else {
                        next = Math.min(next, left);
                    }
                }
            }
            if (next != Long.MAX_VALUE) {
                armSweep(next);
            }
        } finally {
            lock.unlock();
        }
        victims.forEach(victim -> close(victim, ModelChange.UNLOADED_IDLE));
    }

    /** Keeps a model available; closing it twice is the same as once. */
    public final class Lease implements AutoCloseable {
        private @Nullable Entry entry; // guarded by lock

        private Lease(Entry entry) {
            this.entry = entry;
        }

        /** Gives the lease back; if it was the last, waits until the uses have ended and the model is closed. */
        @Override
        public void close() {
            boolean last = false;
            Entry mine;
            lock.lock();
            try {
                mine = entry;
                entry = null;
                if (mine == null || --mine.leases > 0) {
                    return;
                }
                last = leftByAll(mine);
                if (!last) {
                    awaitRelease(mine);
                }
            } finally {
                lock.unlock();
            }
            if (last) {
                ModelRegistry.this.close(mine, ModelChange.RELEASED);
            }
        }

        private void awaitRelease(Entry mine) {
            long left = RELEASE_NANOS;
            try {
                while (left > 0 && mine.leases == 0 && (mine.uses > 0 || mine.state != ModelState.UNLOADED)) {
                    left = changed.awaitNanos(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the last use closes the model
            }
        }
    }

    /**
     * A use of an open model; closing it twice is the same as once.
     *
     * @param <M> the opened model's type
     */
    public final class Use<M extends AutoCloseable> implements AutoCloseable {
        private final Entry entry;
        private boolean ended; // guarded by lock

        private Use(Entry entry) {
            this.entry = entry;
        }

        /**
         * Returns the model.
         *
         * @return the model; the caller does not close it
         */
        @SuppressWarnings("unchecked") // a reference opens a model of its own type
        public M model() {
            return (M) requireNonNull(entry.model, "an open model");
        }

        @Override
        public void close() {
            boolean last = false;
            lock.lock();
            try {
                if (ended) {
                    return;
                }
                ended = true;
                entry.uses--;
                entry.lastUsed = clock.nanos();
                if (entry.uses == 0) {
                    last = leftByAll(entry);
                    if (limits.idle != null) {
                        armSweep(limits.idle.toNanos());
                    }
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (last) {
                ModelRegistry.this.close(entry, ModelChange.RELEASED);
            }
        }
    }

    private static final class Entry {
        private final ModelReference<?> reference;
        private final ModelIdentity identity;
        // Guarded by the registry's lock.
        private int leases;
        private int uses;
        private long lastUsed;
        private ModelState state = ModelState.UNLOADED;
        private volatile @Nullable AutoCloseable model; // read by uses, which keep it

        Entry(ModelReference<?> reference) {
            this.reference = reference;
            this.identity = new ModelIdentity(reference.id(), reference.version(), reference.digest());
        }

        RuntimeSnapshot.Model look(long now) {
            boolean idle = state == ModelState.LOADED && uses == 0;
            return new RuntimeSnapshot.Model(
                    identity.id(),
                    identity.version(),
                    state,
                    leases,
                    uses,
                    reference.residentBytes(),
                    Duration.ofNanos(idle ? now - lastUsed : 0));
        }
    }
}
