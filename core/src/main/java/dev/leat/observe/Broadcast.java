package dev.leat.observe;

import dev.leat.Provenance.ModelIdentity;
import dev.leat.observe.InferenceListener.ModelChange;
import dev.leat.observe.InferenceListener.NodeExecution;
import dev.leat.schedule.Threads;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands records to listeners on a thread of its own, and to the flight recorder; thread-safe.
 *
 * <p>A part of the runtime: hosts use {@link InferenceListener}.
 */
public final class Broadcast implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Broadcast.class);
    private static final int MAX_QUEUED = 10_000;

    private final List<InferenceListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicBoolean warned = new AtomicBoolean();
    private final ThreadPoolExecutor thread;

    /** Creates one without listeners; its thread starts with the first record and ends when idle. */
    public Broadcast() {
        thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_QUEUED),
                Threads.daemon("listener"),
                (task, pool) -> lost.incrementAndGet());
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Adds a listener.
     *
     * @param listener told from now on
     */
    public void add(InferenceListener listener) {
        listeners.add(listener);
    }

    /**
     * Removes a listener.
     *
     * @param listener told no more, but for what is queued
     */
    public void remove(InferenceListener listener) {
        listeners.remove(listener);
    }

    /**
     * Returns how many records were lost to slow listeners.
     *
     * @return since the beginning
     */
    public long lost() {
        return lost.get();
    }

    /**
     * Puts a runtime's state into flight recordings.
     *
     * @param snapshots asked once a period while somebody records
     * @return run it to stop
     */
    public Runnable record(Supplier<RuntimeSnapshot> snapshots) {
        Runnable hook = () -> SnapshotEvent.commit(snapshots.get());
        // Adding the hook would start the recorder, which takes longer than loading a model: it waits for a recording.
        FlightRecorderListener begun = new FlightRecorderListener() {
            @Override
            public void recorderInitialized(FlightRecorder recorder) {
                FlightRecorder.addPeriodicEvent(SnapshotEvent.class, hook);
            }
        };
        FlightRecorder.addListener(begun);
        return () -> {
            FlightRecorder.removeListener(begun);
            if (isRecorded()) {
                FlightRecorder.removePeriodicEvent(hook);
            }
        };
    }

    /**
     * Returns whether a record would reach anybody.
     *
     * @return false if it need not be made
     */
    public boolean isWatched() {
        return !listeners.isEmpty() || isRecorded() && StepEvent.ENABLED.isEnabled();
    }

    /**
     * Tells of a node.
     *
     * @param execution what it was
     */
    public void executed(NodeExecution execution) {
        if (isRecorded()) {
            StepEvent.commit(execution);
        }
        tell(listener -> listener.executed(execution));
    }

    /**
     * Tells of a refused run.
     *
     * @param pipeline its name
     */
    public void refused(String pipeline) {
        if (isRecorded()) {
            RefusalEvent.commit(pipeline);
        }
        tell(listener -> listener.refused(pipeline));
    }

    /**
     * Tells of a cached stage that has asked the cache.
     *
     * @param pipeline its name
     * @param step the step whose value was asked for
     * @param hit whether a fresh value was there
     */
    public void cacheAsked(String pipeline, String step, boolean hit) {
        if (isRecorded()) {
            CacheEvent.commit(pipeline, step, hit);
        }
        tell(listener -> listener.cacheAsked(pipeline, step, hit));
    }

    /**
     * Tells of a model.
     *
     * @param model which
     * @param change what became of it
     * @param nanos how long it took
     */
    public void modelChanged(ModelIdentity model, ModelChange change, long nanos) {
        if (isRecorded()) {
            ModelEvent.commit(model, change, nanos);
        }
        tell(listener -> listener.modelChanged(model, change, nanos));
    }

    /** Whether there may be a recording; the classes of events, slow to load, are not looked at before. */
    private static boolean isRecorded() {
        return FlightRecorder.isInitialized();
    }

    private void tell(Consumer<InferenceListener> record) {
        if (!listeners.isEmpty()) {
            thread.execute(() -> listeners.forEach(listener -> tell(listener, record)));
        }
    }

    private void tell(InferenceListener listener, Consumer<InferenceListener> record) {
        try {
            record.accept(listener);
        } catch (Exception | LinkageError | AssertionError e) {
            if (warned.compareAndSet(false, true)) {
                LOG.warn(
                        "A listener threw {}; further ones are not reported",
                        e.getClass().getName());
            }
        }
    }

    /** Tells what is queued, then ends; later records are lost. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
