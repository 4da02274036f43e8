package dev.leat;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one run wishes beside its input; immutable. Each method returns a copy with one property changed.
 *
 * <p>{@link #DEFAULT}: no deadline, normal priority, all stages, no attributes.
 */
public final class RunOptions {

    /** No deadline, {@link Priority#NORMAL}, all stages, no attributes. */
    public static final RunOptions DEFAULT = new RunOptions(null, Priority.NORMAL, Set.of(), Map.of());

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

    private final @Nullable Duration deadline;
    private final Priority priority;
    private final Set<Stage<?, ?>> only;
    private final Map<String, Object> attributes;

    private RunOptions(
            @Nullable Duration deadline, Priority priority, Set<Stage<?, ?>> only, Map<String, Object> attributes) {
        this.deadline = deadline;
        this.priority = priority;
        this.only = only;
        this.attributes = attributes;
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
        return new RunOptions(deadline, priority, Set.copyOf(new LinkedHashSet<>(stages)), attributes);
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
        return new RunOptions(deadline, priority, only, attributes);
    }

    /**
     * Returns a copy with a priority.
     *
     * @param priority how urgent the run is
     * @return the copy
     */
    public RunOptions withPriority(Priority priority) {
        return new RunOptions(deadline, requireNonNull(priority, "priority"), only, attributes);
    }

    /**
     * Returns a copy with one more attribute, for conditions to read.
     *
     * @param name the attribute's name
     * @param value an immutable value
     * @return the copy
     */
    public RunOptions withAttribute(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(attributes);
        more.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
        return new RunOptions(deadline, priority, only, Map.copyOf(more));
    }

    /**
     * Returns the deadline.
     *
     * @return counted from the start of the run; empty if there is none
     */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }

    /**
     * Returns the priority.
     *
     * @return how urgent the run is
     */
    public Priority priority() {
        return priority;
    }

    /**
     * Returns the selected stages.
     *
     * @return empty means all
     */
    public Set<Stage<?, ?>> only() {
        return only;
    }

    /**
     * Returns an attribute.
     *
     * @param name the attribute's name
     * @return its value, empty if it was not given
     */
    public Optional<Object> attribute(String name) {
        return Optional.ofNullable(attributes.get(requireNonNull(name, "name")));
    }

    long deadlineNanos() {
        return deadline == null ? Long.MAX_VALUE : deadline.toNanos();
    }

    /** Returns the options without attribute values, which may be private. */
    @Override
    public String toString() {
        return "RunOptions[deadline=" + deadline + ", priority=" + priority + ", only=" + only.size() + ", attributes="
                + attributes.keySet() + "]";
    }
}
