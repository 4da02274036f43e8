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

    /** What follows a degraded value is as degraded as it is. */
    Settled withValue(@Nullable Object newValue, @Nullable Object newKey, Lineage newLineage) {
        return new Settled(kind, present(newValue), newKey, reason, null, newLineage);
    }

    Settled with(Lineage newLineage) {
        return new Settled(kind, value, key, reason, failure, newLineage);
    }

    Settled withoutValue() {
        return new Settled(kind, null, key, reason, failure, lineage);
    }

    /** What a node is to those who look at a run: what its provenance, trace and records say of it in every run. */
    record Source(String name, Origin origin, List<ModelIdentity> models, String costUnit) {}

    /** What a call stated of one item. */
    record Tally(long[] phases, long cost, Batch batch, Map<String, Long> facts) {
        static final Tally NONE = new Tally(new long[4], 0, Batch.ALONE, Map.of());
    }

    /** What led to an outcome: the work of nodes and the hops of decisions; no values. */
    sealed interface Lineage {

        /** The work by node, the earliest first, and the reasons of the hops. */
        void collect(Map<Integer, Work> works, List<Reason> hops);

        static Lineage hop(@Nullable Reason reason, Lineage... before) {
            return new Hop(reason, List.of(before));
        }

        default Provenance provenance() {
            Map<Integer, Work> works = new LinkedHashMap<>();
            List<Reason> hops = new ArrayList<>();
            collect(works, hops);
            return provenanceOf(works, hops);
        }

        /** The provenance of what is in this lineage and not in an earlier one, without hops. */
        default Provenance since(Lineage earlier) {
            Map<Integer, Work> works = new LinkedHashMap<>();
            collect(works, new ArrayList<>());
            Map<Integer, Work> known = new LinkedHashMap<>();
            earlier.collect(known, new ArrayList<>());
            works.keySet().removeAll(known.keySet());
            return provenanceOf(works, List.of());
        }

        private static Provenance provenanceOf(Map<Integer, Work> works, List<Reason> hops) {
            Origin origin = Origin.FUNCTION;
            Delivery delivery = Delivery.COMPUTED;
            Set<ModelIdentity> models = new LinkedHashSet<>();
            Map<String, Long> facts = new LinkedHashMap<>();
            long queue = 0;
            long[] phases = new long[4];
            for (Work work : works.values()) {
                if (work.source.origin.ordinal() < origin.ordinal()) {
                    origin = work.source.origin;
                }
                if (work.delivery.ordinal() > delivery.ordinal()) {
                    delivery = work.delivery;
                }
                models.addAll(work.source.models);
                work.tally.facts.forEach((fact, count) ->
                        facts.merge(fact, count, fact.equals(Provenance.BATCH_ITEMS) ? Math::max : Long::sum));
                queue += work.queue;
                for (int i = 0; i < phases.length; i++) {
                    phases[i] += work.tally.phases[i];
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
    }

    /** What a node did in a run, after what came before; no content. Times are nanoseconds of the runtime's clock. */
    record Work(
            int node,
            Source source,
            Delivery delivery,
            long started,
            long ended,
            long queue,
            Tally tally,
            Lineage before)
            implements Lineage {
        @Override
        public void collect(Map<Integer, Work> works, List<Reason> hops) {
            before.collect(works, hops);
            works.putIfAbsent(node, this);
        }
    }

    /** What a decision did, after what it has looked at. */
    record Hop(@Nullable Reason reason, List<Lineage> before) implements Lineage {
        static final Hop NONE = new Hop(null, List.of());

        @Override
        public void collect(Map<Integer, Work> works, List<Reason> hops) {
            before.forEach(b -> b.collect(works, hops));
            if (reason != null && !hops.contains(reason)) {
                hops.add(reason);
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
