package dev.leat;

import static java.util.Objects.requireNonNull;

import dev.leat.Settled.Work;
import dev.leat.guard.Guard;
import dev.leat.guard.Offsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The outcomes of one run, by stage; immutable and thread-safe. */
public final class Results {

    private final Map<Stage<?, ?>, Graph.Output> outputs;
    private final @Nullable Settled[] ends; // by place; null: not selected
    private final List<Guard.Removal> removals;
    private final Offsets offsets;
    private final Work[] works;
    private final long started;
    private final long ended;

    /** Takes ownership of the arrays. */
    Results(
            Map<Stage<?, ?>, Graph.Output> outputs,
            @Nullable Settled[] ends,
            List<Guard.Removal> removals,
            Offsets offsets,
            Work[] works,
            long started,
            long ended) {
        this.outputs = outputs;
        this.ends = ends;
        this.removals = removals;
        this.offsets = offsets;
        this.works = works;
        this.started = started;
        this.ended = ended;
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
        return (Outcome<O>) end(stage).outcome();
    }

    /**
     * Returns these results if no stage failed.
     *
     * @return this
     * @throws InferenceException the first failure, in the order of the stages
     */
    public Results orThrow() {
        for (Settled end : ends) {
            InferenceException failure = end == null ? null : end.failure();
            if (end != null && end.kind() == Settled.Kind.FAILED && failure != null) {
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
        Set<Stage<?, ?>> stages = new LinkedHashSet<>();
        outputs.values().stream().filter(this::isSelected).forEach(output -> stages.add(output.stage()));
        return Collections.unmodifiableSet(stages);
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
        return new Trace(works, started, ended);
    }

    private Settled end(Stage<?, ?> stage) {
        Graph.Output output = outputs.get(requireNonNull(stage, "stage"));
        Settled end = output == null ? null : ends[output.place()];
        if (end == null) {
            throw new IllegalArgumentException(unknown(stage));
        }
        return end;
    }

    private boolean isSelected(Graph.Output output) {
        return ends[output.place()] != null;
    }

    private String unknown(Stage<?, ?> stage) {
        StringBuilder message = new StringBuilder("Stage '")
                .append(stage.name())
                .append("' is not among the results, which are ")
                .append(stages().stream().map(Stage::name).toList());
        stages().stream()
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
        return stages().stream()
                .map(stage -> stage.name() + "=" + end(stage).kind())
                .collect(Collectors.joining(", ", "Results[", "]"));
    }
}
