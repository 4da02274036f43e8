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
     * Told of a model that was opened or closed.
     *
     * @param model which
     * @param open true if it is open now
     * @param nanos how long it took
     */
    default void modelChanged(ModelIdentity model, boolean open, long nanos) {}

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
     * @param facts counts that the step stated, such as {@code tokens}, {@code pixels}, {@code windows}
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
            Map<String, Long> facts) {}
}
