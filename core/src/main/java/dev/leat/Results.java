package dev.leat;

import static java.util.Objects.requireNonNull;

import dev.leat.guard.Guard;
import dev.leat.guard.Offsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The outcomes of one run, by stage; immutable and thread-safe. */
public final class Results {

    private final Map<Stage<?, ?>, Settled> ends;
    private final List<Guard.Removal> removals;
    private final Offsets offsets;
    private final Trace trace;
    private final Map<Stage<?, ?>, Outcome<Object>> outcomes = new ConcurrentHashMap<>();

    Results(Map<Stage<?, ?>, Settled> ends, List<Guard.Removal> removals, Offsets offsets, Trace trace) {
        this.ends = new LinkedHashMap<>(ends);
        this.removals = List.copyOf(removals);
        this.offsets = offsets;
        this.trace = trace;
    }

    /**
     * Returns a stage's value.
     *
     * @param <O> the stage's value
     * @param stage a stage of the pipeline
     * @return the value of a Success or Degraded
     * @throws InferenceException if the stage failed: the failure's own exception
     * @throws NoSuchElementException if the stage was skipped, with the reason
     * @throws IllegalArgumentException if the stage is not among the results
     */
    public <O> O get(Stage<?, O> stage) {
        Settled end = end(stage);
        InferenceException failure = end.failure();
        if (end.kind() == Settled.Kind.FAILED && failure != null) {
            throw failure;
        }
        return find(stage)
                .orElseThrow(() ->
                        new NoSuchElementException("Stage '" + stage.name() + "' was skipped: " + code(end.reason())));
    }

    /**
     * Returns a stage's value unless it was skipped.
     *
     * @param <O> the stage's value
     * @param stage a stage of the pipeline
     * @return empty only if the stage was skipped
     * @throws InferenceException if the stage failed
     * @throws IllegalArgumentException if the stage is not among the results
     */
    @SuppressWarnings("unchecked") // a stage's node makes the stage's values
    public <O> Optional<O> find(Stage<?, O> stage) {
        Settled end = end(stage);
        InferenceException failure = end.failure();
        if (end.kind() == Settled.Kind.FAILED && failure != null) {
            throw failure;
        }
        return Optional.ofNullable((O) end.value());
    }

    /**
     * Returns how a stage ended.
     *
     * @param <O> the stage's value
     * @param stage a stage of the pipeline
     * @return the outcome, never null
     * @throws IllegalArgumentException if the stage is not among the results
     */
    @SuppressWarnings("unchecked")
    public <O> Outcome<O> outcome(Stage<?, O> stage) {
        Settled end = end(stage);
        return (Outcome<O>) outcomes.computeIfAbsent(stage, s -> end.outcome());
    }

    /**
     * Returns these results if no stage failed.
     *
     * @return this
     * @throws InferenceException the first failure, in the order of the stages
     */
    public Results orThrow() {
        for (Settled end : ends.values()) {
            InferenceException failure = end.failure();
            if (end.kind() == Settled.Kind.FAILED && failure != null) {
                throw failure;
            }
        }
        return this;
    }

    /**
     * Returns the stages that have an outcome here.
     *
     * @return in the order of the pipeline
     */
    public Set<Stage<?, ?>> stages() {
        return Set.copyOf(ends.keySet());
    }

    /**
     * Returns what the guard removed from the input.
     *
     * @return one entry for each kind, empty if nothing was removed or there is no guard
     */
    public List<Guard.Removal> removals() {
        return removals;
    }

    /**
     * Returns where the text that the stages saw stands in the text as given, for values that name places in it.
     *
     * @return each index is its own place if the guard removed nothing, or there is none
     */
    public Offsets offsets() {
        return offsets;
    }

    /**
     * Returns what each node did.
     *
     * @return the trace; prints as a waterfall
     */
    public Trace trace() {
        return trace;
    }

    private Settled end(Stage<?, ?> stage) {
        Settled end = ends.get(requireNonNull(stage, "stage"));
        if (end == null) {
            throw new IllegalArgumentException(unknown(stage));
        }
        return end;
    }

    private String unknown(Stage<?, ?> stage) {
        StringBuilder message = new StringBuilder("Stage '")
                .append(stage.name())
                .append("' is not among the results, which are ")
                .append(ends.keySet().stream().map(Stage::name).toList());
        ends.keySet().stream()
                .filter(s -> s.name().equals(stage.name()))
                .findFirst()
                .ifPresent(s -> message.append("; one of them has this name but is another stage: a variation such as"
                        + " .orElse(..) or .when(..) is a stage of its own, so keep it and ask with it"));
        return message.toString();
    }

    private static String code(@Nullable Reason reason) {
        return reason == null ? "unknown" : reason.code();
    }

    /** Returns the stages and how they ended, without values. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Results[");
        ends.forEach((stage, end) -> text.append(text.length() > 8 ? ", " : "")
                .append(stage.name())
                .append('=')
                .append(end.kind()));
        return text.append(']').toString();
    }
}
