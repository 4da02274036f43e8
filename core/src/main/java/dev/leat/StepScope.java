package dev.leat;

import dev.leat.Settled.Tally;
import dev.leat.model.ModelRegistry;
import dev.leat.observe.InferenceListener.Batch;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lent to a step; collects times and facts on the step's thread. One that is lent to light work is never cancelled.
 *
 * <p>Most light work uses none of it, so that nothing is made before it is needed.
 */
class StepScope implements RunScope {
    final ModelRegistry models;
    private @Nullable Map<ModelReference<?>, ModelRegistry.Use<?>> uses;
    private long @Nullable [] phases;
    private @Nullable Map<Integer, Map<String, Long>> facts;

    StepScope(ModelRegistry models) {
        this.models = models;
    }

    /** What was noted of an item of some cost, and how the time of the whole call went. */
    Tally tally(int item, long cost, Batch batch) {
        if (phases == null && facts == null && cost == 0 && batch == Batch.ALONE) {
            return Tally.NONE;
        }
        Map<String, Long> noted = facts == null ? Map.of() : facts.getOrDefault(item, Map.of());
        return new Tally(phases == null ? Tally.NONE.phases() : phases.clone(), cost, batch, Map.copyOf(noted));
    }

    @Override
    @SuppressWarnings("unchecked") // a reference's use is of its model's type
    public <M extends AutoCloseable> M model(ModelReference<M> reference) {
        if (uses == null) {
            uses = new HashMap<>();
        }
        ModelRegistry.Use<?> use = uses.get(reference);
        if (use == null) {
            use = use(reference);
            uses.put(reference, use);
        }
        return ((ModelRegistry.Use<M>) use).model();
    }

    ModelRegistry.Use<?> use(ModelReference<?> reference) {
        return models.use(reference);
    }

    /** Lets the models go that the step has used; called on the step's thread after its end. */
    void endUses() {
        if (uses != null) {
            uses.values().forEach(ModelRegistry.Use::close);
            uses = null;
        }
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public Registration onCancel(Runnable action) {
        return () -> {};
    }

    @Override
    public void spent(Phase phase, long nanos) {
        if (phases == null) {
            phases = new long[Phase.values().length];
        }
        phases[phase.ordinal()] += nanos;
    }

    @Override
    public void note(int item, String fact, long value) {
        if (facts == null) {
            facts = new HashMap<>();
        }
        facts.computeIfAbsent(item, any -> new LinkedHashMap<>(4)).merge(fact, value, Long::sum);
    }
}
