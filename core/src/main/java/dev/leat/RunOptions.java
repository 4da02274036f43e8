package dev.leat;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one run wishes beside its input; immutable. Each method returns a copy with one property changed.
 *
 * <p>{@link #DEFAULT}: no deadline, normal priority, all stages, no attributes.
 */
public final class RunOptions {

    /** No deadline, {@link Priority#NORMAL}, all stages, caches used, no scope, region or attributes. */
    public static final RunOptions DEFAULT = new RunOptions(new Wishes());

    /** How urgent a run is; what waits long enough overtakes what is more urgent but came later. */
    public enum Priority {
        /** Somebody waits and sees each millisecond. */
        HIGH(Duration.ZERO),
        /** The default. */
        NORMAL(Duration.ofMillis(500)),
        /** Bulk work. */
        LOW(Duration.ofSeconds(10));

        final long allowanceNanos;

        Priority(Duration allowance) {
            allowanceNanos = allowance.toNanos();
        }
    }

    /** What a run does with results that its stages would keep. */
    public enum CachePolicy {
        /** Takes fresh ones, and keeps what it computes. */
        USE,
        /** Neither takes nor keeps any. */
        BYPASS,
        /** Takes none, and keeps what it computes. */
        REFRESH,
        /** Takes fresh ones and computes none: what is not there is Skipped with {@link Reason#NOT_CACHED}. */
        ONLY
    }

    /** What a run would rather have where there is a choice; conditions and routes read it, nothing else does. */
    public enum Accuracy {
        /** No wish. */
        ANY,
        /** The quick answer. */
        FAST,
        /** The best answer. */
        ACCURATE
    }

    private final Wishes wishes;

    private RunOptions(Wishes wishes) {
        this.wishes = wishes;
    }

    /** Changed only before the options that hold them are handed out. */
    private static final class Wishes {
        private @Nullable Duration deadline;
        private Priority priority = Priority.NORMAL;
        private Accuracy accuracy = Accuracy.ANY;
        private Set<Stage<?, ?>> only = Set.of();
        private CachePolicy cache = CachePolicy.USE;
        private @Nullable String scope;
        private @Nullable String region;
        private Map<String, Object> attributes = Map.of();
    }

    private RunOptions with(Consumer<Wishes> change) {
        Wishes changed = new Wishes();
        changed.deadline = wishes.deadline;
        changed.priority = wishes.priority;
        changed.accuracy = wishes.accuracy;
        changed.only = wishes.only;
        changed.cache = wishes.cache;
        changed.scope = wishes.scope;
        changed.region = wishes.region;
        changed.attributes = wishes.attributes;
        change.accept(changed);
        return new RunOptions(changed);
    }

    /**
     * Returns options that run these stages alone; the others are not among the results.
     *
     * @param stages at least one stage of the pipeline
     * @return the defaults with this selection
     */
    public static RunOptions only(Stage<?, ?>... stages) {
        return DEFAULT.withOnly(Set.of(stages));
    }

    /**
     * Returns a copy that runs these stages alone.
     *
     * @param stages at least one stage of the pipeline
     * @return the copy
     */
    public RunOptions withOnly(Set<? extends Stage<?, ?>> stages) {
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("only(..) needs at least one stage");
        }
        return with(w -> w.only = Set.copyOf(stages));
    }

    /**
     * Returns a copy with a deadline, counted from the start of the run.
     *
     * @param deadline positive
     * @return the copy
     */
    public RunOptions withDeadline(Duration deadline) {
        requireNonNull(deadline, "deadline");
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline must be positive, was " + deadline);
        }
        return with(w -> w.deadline = deadline);
    }

    /**
     * Returns a copy with a priority.
     *
     * @param priority how urgent the run is
     * @return the copy
     */
    public RunOptions withPriority(Priority priority) {
        requireNonNull(priority, "priority");
        return with(w -> w.priority = priority);
    }

    /**
     * Returns a copy with a wish for speed or accuracy, for {@link Stage#routeOptions} and {@link Stage#whenOptions}.
     *
     * @param accuracy what the run would rather have
     * @return the copy
     */
    public RunOptions withAccuracy(Accuracy accuracy) {
        requireNonNull(accuracy, "accuracy");
        return with(w -> w.accuracy = accuracy);
    }

    /**
     * Returns a copy with one more attribute, for conditions to read.
     *
     * @param name the attribute's name
     * @param value an immutable value
     * @return the copy
     */
    public RunOptions withAttribute(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(wishes.attributes);
        more.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
        return with(w -> w.attributes = Map.copyOf(more));
    }

    /**
     * Returns a copy with another way to treat caches.
     *
     * @param policy default {@link CachePolicy#USE}
     * @return the copy
     */
    public RunOptions withCache(CachePolicy policy) {
        requireNonNull(policy, "policy");
        return with(w -> w.cache = policy);
    }

    /**
     * Returns a copy that shares work and cached results only with runs of the same scope, such as one tenant.
     *
     * @param scope the scope's name; without one, a run shares with all runs that have none
     * @return the copy
     */
    public RunOptions withScope(String scope) {
        requireNonNull(scope, "scope");
        return with(w -> w.scope = scope);
    }

    /**
     * Returns a copy for a region, which stages made by {@link Regions} read.
     *
     * @param region the region's name
     * @return the copy
     */
    public RunOptions withRegion(String region) {
        requireNonNull(region, "region");
        return with(w -> w.region = region);
    }

    /**
     * Returns the deadline.
     *
     * @return counted from the start of the run; empty if there is none
     */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(wishes.deadline);
    }

    /**
     * Returns the priority.
     *
     * @return how urgent the run is
     */
    public Priority priority() {
        return wishes.priority;
    }

    /**
     * Returns the wish for speed or accuracy.
     *
     * @return default {@link Accuracy#ANY}
     */
    public Accuracy accuracy() {
        return wishes.accuracy;
    }

    /**
     * Returns the selected stages.
     *
     * @return empty means all
     */
    public Set<Stage<?, ?>> only() {
        return wishes.only;
    }

    /**
     * Returns an attribute.
     *
     * @param name the attribute's name
     * @return its value, empty if it was not given
     */
    public Optional<Object> attribute(String name) {
        return Optional.ofNullable(wishes.attributes.get(requireNonNull(name, "name")));
    }

    /**
     * Returns how caches are treated.
     *
     * @return default {@link CachePolicy#USE}
     */
    public CachePolicy cache() {
        return wishes.cache;
    }

    /**
     * Returns the sharing scope.
     *
     * @return empty if there is none
     */
    public Optional<String> scope() {
        return Optional.ofNullable(wishes.scope);
    }

    /**
     * Returns the region.
     *
     * @return empty if there is none
     */
    public Optional<String> region() {
        return Optional.ofNullable(wishes.region);
    }

    long deadlineNanos() {
        return wishes.deadline == null ? Long.MAX_VALUE : wishes.deadline.toNanos();
    }

    /** Returns the options without scope and attribute values, which may be private. */
    @Override
    public String toString() {
        return "RunOptions[deadline=" + wishes.deadline + ", priority=" + wishes.priority + ", accuracy="
                + wishes.accuracy + ", only="
                + wishes.only.size() + ", cache=" + wishes.cache + ", attributes=" + wishes.attributes.keySet() + "]";
    }
}
