package dev.leat.spi;

import static java.util.Objects.requireNonNull;

import dev.leat.Provenance.Origin;
import java.util.List;
import java.util.Set;

/**
 * What a step states about itself; immutable.
 *
 * @param name short, for people: {@code encode}, {@code decode}
 * @param origin what its values count as
 * @param work where it runs and with whom its values are shared
 * @param instant true if an item takes well under a millisecond and never waits, so that the step may still answer
 *     after a run's deadline
 * @param costUnit what {@link BatchStep#cost} counts: {@code tokens}, {@code pixels}, {@code items}
 * @param maxBatchItems the most items of one call; 1 if its results could depend on other items
 * @param maxBatchCost the most cost of a call with several items, where each item counts as much as the dearest one,
 *     as it does when shorter ones are padded; what is under way at a moment on behalf of one bulk run is bounded by it
 * @param models the models it needs, leased while a pipeline with this step is open
 * @param result true if its values are what a user asks for: small, immutable, weighed by
 *     {@link BatchStep#weightBytes}, and worth keeping in a cache; intermediate values are never kept
 * @param reads of its items' parts that the step below makes only where they are read ({@link RunScope#isRead}), those that
 *     this step reads
 */
public record StepFacts(
        String name,
        Origin origin,
        Work work,
        boolean instant,
        String costUnit,
        int maxBatchItems,
        long maxBatchCost,
        List<ModelReference<?>> models,
        boolean result,
        Set<String> reads) {

    /** Where a step runs and with whom its values are shared. */
    public enum Work {
        /** Cheap: runs where its run is worked on, shared inside that run only. */
        LIGHT,
        /** Model runs and decodes: runs on a thread of the compute budget, shared with every run at that moment. */
        HEAVY
    }

    /** Checks the components. */
    public StepFacts {
        requireNonNull(name, "name");
        requireNonNull(origin, "origin");
        requireNonNull(work, "work");
        requireNonNull(costUnit, "costUnit");
        if (maxBatchItems < 1) {
            throw new IllegalArgumentException("maxBatchItems must be at least 1, was " + maxBatchItems);
        }
        if (maxBatchCost < 1) {
            throw new IllegalArgumentException("maxBatchCost must be at least 1, was " + maxBatchCost);
        }
        models = List.copyOf(models);
        reads = Set.copyOf(reads);
    }

    /**
     * Returns the facts of a cheap step of the library's own, such as tokenising or merging windows.
     *
     * @param name short, for people
     * @param models the models it needs
     * @return facts of a light step that counts as part of a model's answer
     */
    public static StepFacts light(String name, ModelReference<?>... models) {
        return new StepFacts(
                name, Origin.MODEL, Work.LIGHT, false, "items", 1, Long.MAX_VALUE, List.of(models), false, Set.of());
    }

    /**
     * Returns the facts of a rule: cheap, without a model, able to answer after a deadline.
     *
     * @param name short, for people
     * @return facts of an instant step
     */
    public static StepFacts rule(String name) {
        return new StepFacts(
                name, Origin.RULE, Work.LIGHT, true, "items", 1, Long.MAX_VALUE, List.of(), false, Set.of());
    }

    /**
     * Returns the facts of a step that runs on the compute budget, one item a call.
     *
     * @param name short, for people
     * @param costUnit what its cost counts
     * @param models the models it needs
     * @return facts of a heavy step
     */
    public static StepFacts heavy(String name, String costUnit, ModelReference<?>... models) {
        return new StepFacts(
                name, Origin.MODEL, Work.HEAVY, false, costUnit, 1, Long.MAX_VALUE, List.of(models), false, Set.of());
    }

    /**
     * Returns these facts of a step that takes several items a call, each as if it were alone.
     *
     * <p>Whether it is given several is decided by measurement: while the budget is busy, and if that saves time.
     *
     * @param items the most items of one call
     * @param cost the most cost of a call with several items
     * @return a copy
     */
    public StepFacts batched(int items, long cost) {
        return new StepFacts(name, origin, work, instant, costUnit, items, cost, models, result, reads);
    }

    /**
     * Returns these facts of a step whose values are results.
     *
     * @return a copy
     */
    public StepFacts asResult() {
        return new StepFacts(name, origin, work, instant, costUnit, maxBatchItems, maxBatchCost, models, true, reads);
    }

    /**
     * Returns these facts of a step that reads parts of its items which are made only where they are read.
     *
     * @param parts as the step below calls them
     * @return a copy
     */
    public StepFacts reading(String... parts) {
        return new StepFacts(
                name, origin, work, instant, costUnit, maxBatchItems, maxBatchCost, models, result, Set.of(parts));
    }
}
