package dev.leat.micrometer;

import static java.util.Objects.requireNonNull;

import dev.leat.LeatRuntime;
import dev.leat.Provenance.Delivery;
import dev.leat.Provenance.ModelIdentity;
import dev.leat.observe.InferenceListener;
import dev.leat.observe.RuntimeSnapshot;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/**
 * What a runtime does, as Micrometer meters; thread-safe.
 *
 * <p>A module that names this class requires {@code micrometer.core} itself. Recorded on the listeners' thread, off the runs' way. Tags hold names of pipelines, steps and models, and words of
 * fixed sets; past {@value #MAX_NAMES} different names a new one is recorded as {@code other}. Never content.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>meter<th>type, unit<th>tags<th>what
 * <tr><td>{@code leat.step}<td>timer<td>pipeline, step, model, delivery, outcome<td>a node execution, from start to end;
 *     outcome is {@code SUCCESS} or the reason code of the failure
 * <tr><td>{@code leat.step.queue}<td>timer<td>pipeline, step<td>from demand to start, of computed ones
 * <tr><td>{@code leat.step.inference}<td>timer<td>step, model<td>forward passes, of computed ones that made any
 * <tr><td>{@code leat.step.cost}<td>summary, tokens, pixels or items<td>step, unit<td>how dear the items of heavy steps
 *     were
 * <tr><td>{@code leat.step.batch}<td>summary, items<td>step<td>with how many items a heavy step computed an item
 * <tr><td>{@code leat.step.padding}<td>summary, ratio<td>step<td>which part of that was padding
 * <tr><td>{@code leat.cache.requests}<td>counter<td>pipeline, step, result<td>{@code hit} or {@code miss}
 * <tr><td>{@code leat.cache.evictions}<td>counter<td><td>values that had to go
 * <tr><td>{@code leat.cache.entries}, {@code leat.cache.size}<td>gauges, values and bytes<td><td>what the cache holds
 * <tr><td>{@code leat.refusals}<td>counter<td>pipeline<td>runs and steps for which there was no room
 * <tr><td>{@code leat.model.loads}<td>timer<td>model, outcome<td>{@code LOADED} or {@code FAILED}
 * <tr><td>{@code leat.model.unloads}<td>counter<td>model, reason<td>{@code RELEASED}, {@code UNLOADED_IDLE} or
 *     {@code UNLOADED_FOR_ROOM}
 * <tr><td>{@code leat.models.open}, {@code leat.models.size}<td>gauges, models and bytes<td><td>open models
 * <tr><td>{@code leat.permits}, {@code leat.running}, {@code leat.waiting}<td>gauges, steps<td><td>heavy steps that may
 *     run, do, and wait
 * <tr><td>{@code leat.wait.oldest}<td>gauge, seconds<td><td>how long the one waits that waits longest
 * <tr><td>{@code leat.sessions}<td>gauge, sessions<td><td>sessions that hold a window
 * <tr><td>{@code leat.records.lost}<td>counter<td><td>records that slow listeners missed, these meters included
 * </table>
 */
@SuppressWarnings(
        "exports") // transitive and static would make Micrometer a must for every module that compiles with this
public final class LeatMeters implements MeterBinder, AutoCloseable {

    /** How many different names of pipelines, steps and models become tags. */
    public static final int MAX_NAMES = 1_000;

    private final LeatRuntime runtime;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final List<Runnable> undo = new CopyOnWriteArrayList<>();

    /**
     * Creates meters of a runtime, bound to no registry yet.
     *
     * @param runtime whose figures; not closed by this
     */
    public LeatMeters(LeatRuntime runtime) {
        this.runtime = requireNonNull(runtime, "runtime");
    }

    /**
     * Records into a registry from now on.
     *
     * @param registry not closed by this
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        requireNonNull(registry, "registry");
        InferenceListener recorder = new Recorder(registry);
        AutoCloseable listening = runtime.listen(recorder);
        undo.add(() -> close(listening));
        gauge(registry, "leat.permits", "steps", s -> s.permits());
        gauge(registry, "leat.running", "steps", s -> s.running().size());
        gauge(registry, "leat.waiting", "steps", s -> s.waiting());
        gauge(registry, "leat.wait.oldest", "seconds", s -> s.oldestWait().toNanos() / 1e9);
        gauge(registry, "leat.models.open", "models", s -> s.openModels());
        gauge(registry, "leat.models.size", "bytes", s -> s.modelBytes());
        gauge(registry, "leat.sessions", "sessions", s -> s.sessions());
        gauge(registry, "leat.cache.entries", "values", s -> s.cache().entries());
        gauge(registry, "leat.cache.size", "bytes", s -> s.cache().bytes());
        counter(registry, "leat.cache.evictions", "values", s -> s.cache().evictions());
        counter(registry, "leat.records.lost", "records", s -> s.lostRecords());
    }

    private void gauge(MeterRegistry registry, String name, String unit, ToDoubleFunction<RuntimeSnapshot> figure) {
        keep(
                registry,
                Gauge.builder(name, runtime, r -> figure.applyAsDouble(r.snapshot()))
                        .baseUnit(unit)
                        .strongReference(true)
                        .register(registry));
    }

    private void counter(MeterRegistry registry, String name, String unit, ToDoubleFunction<RuntimeSnapshot> figure) {
        keep(
                registry,
                FunctionCounter.builder(name, runtime, r -> figure.applyAsDouble(r.snapshot()))
                        .baseUnit(unit)
                        .register(registry));
    }

    private void keep(MeterRegistry registry, Meter meter) {
        undo.add(() -> registry.remove(meter));
    }

    /** Stops recording and removes what reads the runtime; what was recorded stays. */
    @Override
    public void close() {
        undo.forEach(Runnable::run);
        undo.clear();
    }

    private static void close(AutoCloseable listening) {
        try {
            listening.close();
        } catch (Exception e) {
            throw new IllegalStateException("A listener cannot be taken away", e);
        }
    }

    private String bounded(String name) {
        if (names.size() < MAX_NAMES) {
            names.add(name);
        }
        return names.contains(name) ? name : "other";
    }

    private final class Recorder implements InferenceListener {
        private final MeterRegistry registry;

        Recorder(MeterRegistry registry) {
            this.registry = registry;
        }

        @Override
        public void executed(NodeExecution execution) {
            String pipeline = bounded(execution.pipeline());
            String step = bounded(execution.step());
            String model = execution.models().isEmpty()
                    ? "none"
                    : bounded(execution.models().get(0).id());
            String failure = execution.failure();
            Timer.builder("leat.step")
                    .tags(
                            "pipeline",
                            pipeline,
                            "step",
                            step,
                            "model",
                            model,
                            "delivery",
                            execution.delivery().name(),
                            "outcome",
                            failure == null ? "SUCCESS" : failure)
                    .register(registry)
                    .record(Duration.ofNanos(execution.totalNanos()));
            if (execution.delivery() == Delivery.COMPUTED) {
                computed(execution, pipeline, step, model);
            }
        }

        private void computed(NodeExecution execution, String pipeline, String step, String model) {
            Timer.builder("leat.step.queue")
                    .tags("pipeline", pipeline, "step", step)
                    .register(registry)
                    .record(Duration.ofNanos(execution.queueNanos()));
            if (execution.inferNanos() > 0) {
                Timer.builder("leat.step.inference")
                        .tags("step", step, "model", model)
                        .register(registry)
                        .record(Duration.ofNanos(execution.inferNanos()));
            }
            if (execution.cost() > 0) {
                String unit = execution.costUnit().toLowerCase(Locale.ROOT);
                summary("leat.step.cost", unit, "step", step, "unit", unit).record(execution.cost());
                summary("leat.step.batch", "items", "step", step)
                        .record(execution.batch().items());
                summary("leat.step.padding", "ratio", "step", step)
                        .record(execution.batch().paddedShare());
            }
        }

        private DistributionSummary summary(String name, String unit, String... tags) {
            return DistributionSummary.builder(name).baseUnit(unit).tags(tags).register(registry);
        }

        @Override
        public void cacheAsked(String pipeline, String step, boolean hit) {
            Counter.builder("leat.cache.requests")
                    .tags("pipeline", bounded(pipeline), "step", bounded(step), "result", hit ? "hit" : "miss")
                    .register(registry)
                    .increment();
        }

        @Override
        public void refused(String pipeline) {
            Counter.builder("leat.refusals")
                    .tags("pipeline", bounded(pipeline))
                    .register(registry)
                    .increment();
        }

        @Override
        public void modelChanged(ModelIdentity model, ModelChange change, long nanos) {
            String id = bounded(model.id());
            switch (change) {
                case LOADING -> {} // its end is what counts
                case LOADED, FAILED ->
                    Timer.builder("leat.model.loads")
                            .tags("model", id, "outcome", change.name())
                            .register(registry)
                            .record(Duration.ofNanos(nanos));
                case RELEASED, UNLOADED_IDLE, UNLOADED_FOR_ROOM ->
                    Counter.builder("leat.model.unloads")
                            .tags("model", id, "reason", change.name())
                            .register(registry)
                            .increment();
            }
        }
    }
}
