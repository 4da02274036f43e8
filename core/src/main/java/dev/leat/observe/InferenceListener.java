package dev.leat.observe;

import dev.leat.Provenance.Delivery;
import dev.leat.Provenance.ModelIdentity;
import dev.leat.Provenance.Origin;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Told of what happens in a runtime.
 *
 * <p>Called on one thread of the library's own, in order, behind a bounded queue: a listener that is slow loses records
 * (their number is in {@link RuntimeSnapshot#lostRecords()}), one that throws is warned of once; neither hurts a run.
 */
public interface InferenceListener {

    /**
     * Told of a node of a run that has ended: computed, joined, or found in the cache.
     *
     * @param execution what it was
     */
    default void executed(NodeExecution execution) {}

    /**
     * Told of a run that a pipeline had no room for.
     *
     * @param pipeline its name
     */
    default void refused(String pipeline) {}

    /**
     * Told of a cached stage that has asked the cache.
     *
     * @param pipeline its name
     * @param step the step whose value was asked for
     * @param hit whether a fresh value was there
     */
    default void cacheAsked(String pipeline, String step, boolean hit) {}

    /**
     * Told of a model that begins to be opened, was opened, or was closed.
     *
     * @param model which
     * @param change what became of it
     * @param nanos how long it took; 0 for {@link ModelChange#LOADING}
     */
    default void modelChanged(ModelIdentity model, ModelChange change, long nanos) {}

    /** What became of a model. */
    enum ModelChange {
        /** Its opening has begun; LOADED or FAILED follows. */
        LOADING,
        /** It is open. */
        LOADED,
        /** It could not be opened; the next use tries again. */
        FAILED,
        /** It was closed, as nobody leases it any more. */
        RELEASED,
        /** It was closed, as it was not used for a while; the next use opens it again. */
        UNLOADED_IDLE,
        /** It was closed, as another model needed its room; the next use opens it again. */
        UNLOADED_FOR_ROOM
    }

    /**
     * One execution of a node on behalf of one run; immutable. Work that n runs shared makes n records, of which one is
     * {@link Delivery#COMPUTED}.
     *
     * @param pipeline the pipeline's name
     * @param step the step's or function's name
     * @param models the models that it used
     * @param origin what made the value
     * @param delivery how this run came by it
     * @param failure the reason code of its failure, or null if it has a value
     * @param queueNanos from the demand to the start
     * @param tokenizeNanos text to token ids
     * @param preNanos from the input to tensors
     * @param inferNanos forward passes
     * @param postNanos from tensors to values
     * @param totalNanos from start to end
     * @param cost how dear the item was, in the unit that {@code costUnit} names; 0 for light work
     * @param costUnit {@code tokens}, {@code pixels} or {@code items}
     * @param batch with how many others it was computed
     * @param facts counts that the step stated, such as {@code windows}
     */
    record NodeExecution(
            String pipeline,
            String step,
            List<ModelIdentity> models,
            Origin origin,
            Delivery delivery,
            @Nullable String failure,
            long queueNanos,
            long tokenizeNanos,
            long preNanos,
            long inferNanos,
            long postNanos,
            long totalNanos,
            long cost,
            String costUnit,
            Batch batch,
            Map<String, Long> facts) {}

    /**
     * How an item was computed together with others; immutable.
     *
     * @param items how many items the call had
     * @param paddedShare which part of what the call computed was padding, 0 to 1
     * @param threads on how many threads the call ran
     */
    record Batch(int items, double paddedShare, int threads) {
        /** One item alone on one thread. */
        public static final Batch ALONE = new Batch(1, 0, 1);

        /** Checks the components. */
        public Batch {
            if (items < 1 || threads < 1 || !(paddedShare >= 0 && paddedShare <= 1)) {
                throw new IllegalArgumentException("a batch has at least one item and one thread and pads at most all,"
                        + " not " + items + ", " + threads + ", " + paddedShare);
            }
        }
    }
}
