package dev.leat.spi;

import java.util.List;

/**
 * A unit of execution and sharing: a pure function from items to values, run for one or more items at a time.
 *
 * <p>A step sees no run options, no clock and no caller; equal steps on equal inputs are one node of a graph, so an
 * implementation is a record (or has value equality by everything that its answer depends on). It must be thread-safe.
 * The values it returns are immutable: they are shared between stages and, for {@link StepFacts.Work#HEAVY} steps,
 * between runs.
 *
 * @param <I> the type of an item
 * @param <O> the type of a value
 */
public interface BatchStep<I, O> {

    /**
     * Returns the facts that the scheduler needs.
     *
     * @return the same facts at every call
     */
    StepFacts facts();

    /**
     * Returns how dear an item is, in the unit that {@link StepFacts#costUnit()} names.
     *
     * @param item an item
     * @return a positive number; the default is 1
     */
    default long cost(I item) {
        return 1;
    }

    /**
     * Returns what a value weighs in a cache.
     *
     * @param value a value of this step
     * @return bytes, about; the default is 1 KiB. Asked of steps whose facts call their values results
     */
    default long weightBytes(O value) {
        return 1024;
    }

    /**
     * Computes one value for each item.
     *
     * <p>Called on a thread that may be shared: a step does not wait for other steps, other threads or the network. It
     * looks at {@link RunScope#isCancelled()} between pieces of work that take more than a few milliseconds.
     *
     * @param items at least one item, never null, at most {@link StepFacts#maxBatchItems()}
     * @param scope what a run lends to the step; valid only during this call
     * @return as many values as items, in their order; none is null
     */
    List<O> run(List<I> items, RunScope scope);
}
