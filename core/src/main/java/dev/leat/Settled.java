package dev.leat;

import dev.leat.Provenance.Delivery;
import dev.leat.Provenance.ModelIdentity;
import dev.leat.Provenance.Origin;
import dev.leat.Provenance.Timings;
import dev.leat.observe.InferenceListener.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a node of a run ended, before it is an {@link Outcome}; immutable.
 *
 * <p>{@code value} stands for SUCCESS and DEGRADED, {@code reason} for DEGRADED and SKIPPED, {@code failure} for
 * FAILED and for a DEGRADED that stands in for a failure. {@code key} is what the value is known by.
 */
record Settled(
        Kind kind,
        @Nullable Object value,
        @Nullable Object key,
        @Nullable Reason reason,
        @Nullable InferenceException failure,
        Lineage lineage) {

    enum Kind {
        SUCCESS,
        DEGRADED,
        SKIPPED,
        FAILED
    }

    boolean hasValue() {
        return kind == Kind.SUCCESS || kind == Kind.DEGRADED;
    }

    /** A failure that an {@code orElse} may answer, or null: one that stands for a failure counts, too. */
    @Nullable
    InferenceException answerable() {
        return failure == null || failure instanceof InvalidInputException || failure instanceof CancelledException
                ? null
                : failure;
    }

    static Settled success(Object value, Object key, Lineage lineage) {
        return new Settled(Kind.SUCCESS, value, key, null, null, lineage);
    }

    static Settled failed(InferenceException failure, Lineage lineage) {
        return new Settled(Kind.FAILED, null, null, null, failure, lineage);
    }

    static Settled skipped(Reason reason, Lineage lineage) {
        return new Settled(Kind.SKIPPED, null, null, reason, null, lineage);
    }

    Settled degraded(Reason why, Lineage newLineage) {
        return new Settled(Kind.DEGRADED, value, key, why, null, newLineage);
    }

    Settled with(Lineage newLineage) {
        return new Settled(kind, value, key, reason, failure, newLineage);
    }

    Settled withoutValue() {
        return new Settled(kind, null, key, reason, failure, lineage);
    }

    /** What a node did in a run; no content. Times are nanoseconds of the runtime's clock. */
    record Work(
            int node,
            String name,
            Origin origin,
            List<ModelIdentity> models,
            Delivery delivery,
            long started,
            long ended,
            long queue,
            long[] phases,
            long cost,
            String costUnit,
            Batch batch,
            Map<String, Long> facts) {}

    /** What led to an outcome: the work of a node, the hop of a decision, and what came before; no values. */
    record Lineage(@Nullable Work work, @Nullable Reason hop, List<Lineage> before) {

        static final Lineage NONE = new Lineage(null, null, List.of());

        static Lineage of(Work work, List<Lineage> before) {
            return new Lineage(work, null, before);
        }

        static Lineage hop(@Nullable Reason hop, Lineage... before) {
            return new Lineage(null, hop, List.of(before));
        }

        /** What is in this lineage and not in an earlier one. */
        Lineage since(Lineage earlier) {
            Map<Integer, Work> known = new LinkedHashMap<>();
            earlier.collect(known, new ArrayList<>());
            Map<Integer, Work> all = new LinkedHashMap<>();
            collect(all, new ArrayList<>());
            all.keySet().removeAll(known.keySet());
            return new Lineage(
                    null,
                    null,
                    all.values().stream().map(each -> of(each, List.of())).toList());
        }

        Provenance provenance() {
            Map<Integer, Work> works = new LinkedHashMap<>();
            List<Reason> hops = new ArrayList<>();
            collect(works, hops);
            Origin origin = Origin.FUNCTION;
            Delivery delivery = Delivery.COMPUTED;
            Set<ModelIdentity> models = new LinkedHashSet<>();
            Map<String, Long> facts = new LinkedHashMap<>();
            long queue = 0;
            long[] phases = new long[4];
            for (Work work : works.values()) {
                if (work.origin.ordinal() < origin.ordinal()) {
                    origin = work.origin;
                }
                if (work.delivery.ordinal() > delivery.ordinal()) {
                    delivery = work.delivery;
                }
                models.addAll(work.models);
                work.facts.forEach((fact, count) ->
                        facts.merge(fact, count, fact.equals(Provenance.BATCH_ITEMS) ? Math::max : Long::sum));
                queue += work.queue;
                for (int i = 0; i < phases.length; i++) {
                    phases[i] += work.phases[i];
                }
            }
            Timings timings = new Timings(
                    Duration.ofNanos(queue),
                    Duration.ofNanos(phases[0]),
                    Duration.ofNanos(phases[1]),
                    Duration.ofNanos(phases[2]),
                    Duration.ofNanos(phases[3]));
            return new Provenance(origin, delivery, List.copyOf(models), timings, facts, hops);
        }

        private void collect(Map<Integer, Work> works, List<Reason> hops) {
            before.forEach(b -> b.collect(works, hops));
            if (work != null) {
                works.putIfAbsent(work.node, work);
            }
            if (hop != null && !hops.contains(hop)) {
                hops.add(hop);
            }
        }
    }

    Outcome<Object> outcome() {
        Provenance provenance = lineage.provenance();
        return switch (kind) {
            case SUCCESS -> new Outcome.Success<>(present(value), provenance);
            case DEGRADED -> new Outcome.Degraded<>(present(value), present(reason), provenance);
            case SKIPPED -> new Outcome.Skipped<>(present(reason), provenance);
            case FAILED -> new Outcome.Failed<>(present(failure), provenance);
        };
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new AssertionError("A settled node lacks what its kind promises; this is a bug");
        }
        return value;
    }
}
