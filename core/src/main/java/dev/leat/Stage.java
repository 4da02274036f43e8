package dev.leat;

import static java.util.Objects.requireNonNull;

import dev.leat.spi.BatchStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * An immutable description of a computation from {@code I} to {@code O}, and the key of its result.
 *
 * <p>A variation of a stage is a new stage. Operators nest as written: {@code x.timeout(d).orElse(y)} bounds x,
 * {@code x.orElse(y).timeout(d)} bounds both. Stages are equal when their steps, functions, names and parameters are;
 * a lambda equals only itself, a record that implements {@link Function} or {@link Predicate} has value equality.
 * Whatever stages of one pipeline have in common is done once.
 *
 * @param <I> the input
 * @param <O> the value
 */
public sealed interface Stage<I, O> permits Stages.Case {

    /**
     * Returns a stage that runs a function of the user's: once a run, not shared between runs, not cached.
     *
     * <p>A function that throws or returns null makes the stage {@code Failed} with a {@link FunctionException}.
     *
     * @param <I> the input
     * @param <O> the value
     * @param name for people and for messages
     * @param function called on the run's thread or on the pipeline's executor
     * @return the stage
     */
    static <I, O> Stage<I, O> of(String name, Function<? super I, ? extends O> function) {
        return new Stages.Case<>(new Stages.Func(requireName(name), requireNonNull(function, "function")));
    }

    /**
     * Returns a stage of one step.
     *
     * @param <I> the input
     * @param <O> the value
     * @param step the step; its facts name it
     * @return the stage
     */
    static <I, O> Stage<I, O> of(BatchStep<I, O> step) {
        return new Stages.Case<>(new Stages.Step(requireNonNull(step, "step")));
    }

    /**
     * Returns a stage that always answers the same.
     *
     * @param <O> the value
     * @param value an immutable value
     * @return the stage
     */
    static <O> Stage<Object, O> constant(O value) {
        return new Stages.Case<>(new Stages.Constant(requireNonNull(value, "value")));
    }

    /**
     * Returns a stage that tries stages in order until one does not fail.
     *
     * @param <I> the input
     * @param <O> the value
     * @param first the preferred stage
     * @param others its fallbacks, in order
     * @return the same as {@code first.orElse(a).orElse(b)...}
     */
    @SafeVarargs
    static <I, O> Stage<I, O> firstOf(Stage<I, O> first, Stage<? super I, ? extends O>... others) {
        Stage<I, O> stage = requireNonNull(first, "first");
        for (Stage<? super I, ? extends O> other : others) {
            stage = stage.orElse(other);
        }
        return stage;
    }

    /**
     * Returns a stage that demands all of some stages at once and takes the first that answers.
     *
     * @param <I> the input
     * @param <O> the value
     * @param name the stage's name
     * @param contenders at least one stage; those that lose are cancelled
     * @return the stage; failed when all failed, with the first one's failure
     */
    @SafeVarargs
    static <I, O> Stage<I, O> race(String name, Stage<? super I, ? extends O>... contenders) {
        if (contenders.length == 0) {
            throw new IllegalArgumentException("race(..) needs at least one stage");
        }
        List<Stage<?, ?>> all = new ArrayList<>();
        for (Stage<? super I, ? extends O> contender : contenders) {
            all.add(requireNonNull(contender, "contender"));
        }
        return new Stages.Case<>(new Stages.Race(requireName(name), List.copyOf(all)));
    }

    /**
     * Begins a stage that chooses between named branches by the input.
     *
     * @param <I> the input
     * @param <O> the value
     * @param branch the first branch's name
     * @param condition says whether an input takes it
     * @param stage what answers then
     * @return further branches, ended by {@link Route#otherwise}
     */
    static <I, O> Route<I, O> route(String branch, Predicate<? super I> condition, Stage<? super I, O> stage) {
        return new Route<I, O>(List.of()).or(branch, condition, stage);
    }

    /**
     * Begins a stage that chooses between named branches by the run's options, such as its wish for accuracy.
     *
     * @param <I> the input
     * @param <O> the value
     * @param branch the first branch's name
     * @param condition says whether a run takes it
     * @param stage what answers then
     * @return further branches, ended by {@link Route#otherwise}
     */
    static <I, O> Route<I, O> routeOptions(String branch, Predicate<RunOptions> condition, Stage<? super I, O> stage) {
        return new Route<I, O>(List.of()).orOptions(branch, condition, stage);
    }

    /**
     * Returns a stage on the last inputs of a session, the present one included, oldest first.
     *
     * <p>The window is part of a run's input, so equal windows are equal work. Outside a session ({@link
     * Pipeline#session}) it holds the run's own input alone.
     *
     * @param <I> the pipeline's input
     * @param <O> the value
     * @param stage on an immutable list of the pipeline's inputs, as the guard has cleaned them
     * @return the stage, of the same name; only on a pipeline's own input, not after {@code on} or {@code then}
     */
    static <I, O> Stage<I, O> window(Stage<? super List<I>, O> stage) {
        return new Stages.Case<>(new Stages.Windowed(requireNonNull(stage, "stage")));
    }

    /**
     * Combines the values of two stages on the same input.
     *
     * @param <I> the input
     * @param <A> the first value
     * @param <B> the second value
     * @param <O> the combined value
     * @param name the stage's name
     * @param first a stage
     * @param second another
     * @param function from both values to one
     * @return the stage: Failed before Skipped before Degraded before Success
     */
    static <I, A, B, O> Stage<I, O> combine(
            String name,
            Stage<? super I, A> first,
            Stage<? super I, B> second,
            BiFunction<? super A, ? super B, ? extends O> function) {
        requireNonNull(first, "first");
        requireNonNull(second, "second");
        return new Stages.Case<>(
                new Stages.Combine(requireName(name), first, second, requireNonNull(function, "function")));
    }

    /**
     * Returns the stage's name.
     *
     * @return unique among the stages of a pipeline
     */
    String name();

    /**
     * Returns the same stage under another name, as a key of its own.
     *
     * @param name the new name
     * @return a stage on the same node of the graph
     */
    default Stage<I, O> named(String name) {
        return new Stages.Case<>(new Stages.Named(requireName(name), this));
    }

    /**
     * Returns this stage on another type, from which a function gets this stage's input.
     *
     * @param <J> the other type
     * @param function from the other type to this stage's input
     * @return the stage, of the same name
     */
    default <J> Stage<J, O> on(Function<? super J, ? extends I> function) {
        Stage<J, I> input = of("on", function);
        return new Stages.Case<>(new Stages.Then(input, this));
    }

    /**
     * Returns a stage that applies a function to this stage's value.
     *
     * @param <R> the new value
     * @param function called on the run's thread or on the pipeline's executor
     * @return the stage, of the same name
     */
    default <R> Stage<I, R> map(Function<? super O, ? extends R> function) {
        return then(of(name(), function));
    }

    /**
     * Returns a stage that gives this stage's value to another stage.
     *
     * @param <R> the other stage's value
     * @param next the stage that goes on
     * @return the stage, with the other stage's name
     */
    default <R> Stage<I, R> then(Stage<? super O, R> next) {
        return new Stages.Case<>(new Stages.Then(this, requireNonNull(next, "next")));
    }

    /**
     * Returns a stage that runs only for inputs that satisfy a condition, and is Skipped otherwise.
     *
     * @param code the reason code of a skip
     * @param condition on the input
     * @return the stage, of the same name
     */
    default Stage<I, O> when(String code, Predicate<? super I> condition) {
        requireNonNull(condition, "condition");
        return new Stages.Case<>(new Stages.WhenInput(requireName(code), condition, this));
    }

    /**
     * Returns a stage that runs only when the run's options satisfy a condition, and is Skipped otherwise.
     *
     * @param code the reason code of a skip
     * @param condition on the run's options, such as an attribute
     * @return the stage, of the same name
     */
    default Stage<I, O> whenOptions(String code, Predicate<RunOptions> condition) {
        requireNonNull(condition, "condition");
        return new Stages.Case<>(new Stages.WhenOptions(requireName(code), condition, this));
    }

    /**
     * Returns a stage that runs only when another stage's value satisfies a condition.
     *
     * @param <G> the gate's value
     * @param gate a stage on the same input; if it fails or is skipped, this stage is Skipped with the gate's name
     * @param condition on the gate's value
     * @return the stage, of the same name; the reason code of a skip is the gate's name
     */
    default <G> Stage<I, O> when(Stage<? super I, G> gate, Predicate<? super G> condition) {
        requireNonNull(gate, "gate");
        return new Stages.Case<>(new Stages.WhenStage(gate, requireNonNull(condition, "condition"), this));
    }

    /**
     * Returns a stage that answers with a fallback, as Degraded, when this stage fails.
     *
     * <p>Invalid input and cancellation are not answered; Skipped is an answer.
     *
     * @param fallback a stage on the same input
     * @return the stage, of the same name
     */
    default Stage<I, O> orElse(Stage<? super I, ? extends O> fallback) {
        return new Stages.Case<>(new Stages.OrElse(this, requireNonNull(fallback, "fallback")));
    }

    /**
     * Returns a stage that answers any failure, invalid input included, with a fixed value.
     *
     * <p>The outcome is Degraded with {@link Reason#UNAVAILABLE}. An {@link #orElse} around it is tried first.
     *
     * @param value what to answer, such as {@code flagged} for moderation
     * @return the stage, of the same name
     */
    default Stage<I, O> failClosed(O value) {
        return new Stages.Case<>(new Stages.FailClosed(this, requireNonNull(value, "value")));
    }

    /**
     * Returns a stage that fails with {@link DeadlineExceededException} unless it is settled in time.
     *
     * @param timeout from the moment when the stage is demanded, waiting included; positive
     * @return the stage, of the same name
     */
    default Stage<I, O> timeout(Duration timeout) {
        requireNonNull(timeout, "timeout");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, was " + timeout);
        }
        return new Stages.Case<>(new Stages.Timeout(timeout, this));
    }

    /**
     * Returns this stage with its results kept for an hour.
     *
     * @return the stage, of the same name
     * @see #cached(Duration)
     */
    default Stage<I, O> cached() {
        return cached(Duration.ofHours(1));
    }

    /**
     * Returns this stage with its results kept, so that the same input within the time computes nothing.
     *
     * <p>What is kept are the values of the nearest steps below that call them results; functions and conditions above
     * them run each time. Failures and degraded values are never kept, and nor are values without a content key.
     *
     * @param ttl how old a result may be that this stage takes; positive
     * @return the stage, of the same name
     */
    default Stage<I, O> cached(Duration ttl) {
        requireNonNull(ttl, "ttl");
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("ttl must be positive, was " + ttl);
        }
        return new Stages.Case<>(new Stages.Cached(ttl, this));
    }

    /**
     * Returns a cascade: this stage first, the other one when a predicate says so or this one failed.
     *
     * @param dear the stage to escalate to, on the same input
     * @param unsure says of this stage's value whether the other one is wanted
     * @return the stage, of the same name; if the other one fails, this one's value as Degraded
     */
    default Stage<I, O> escalateTo(Stage<? super I, ? extends O> dear, Predicate<? super O> unsure) {
        requireNonNull(dear, "dear");
        return new Stages.Case<>(new Stages.Escalate(this, dear, requireNonNull(unsure, "unsure")));
    }

    /**
     * Returns this stage with a key for its values, so that stages after it share work on values of equal keys.
     *
     * <p>Strings and pictures need none. Without a key a value is shared by identity, inside one run.
     *
     * @param key from a value to an immutable key with value equality
     * @return the stage, of the same name
     */
    default Stage<I, O> keyedBy(Function<? super O, ?> key) {
        return new Stages.Case<>(new Stages.Keyed(this, requireNonNull(key, "key")));
    }

    private static String requireName(String name) {
        if (requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("a name must not be blank");
        }
        return name;
    }

    /**
     * Branches of a stage that chooses by the input; immutable.
     *
     * @param <I> the input
     * @param <O> the value
     */
    final class Route<I, O> {
        private final List<Stages.Branch> branches;

        private Route(List<Stages.Branch> branches) {
            this.branches = branches;
        }

        /**
         * Returns these branches and one more, asked after them.
         *
         * @param branch its name
         * @param condition says whether an input takes it
         * @param stage what answers then
         * @return more branches
         */
        public Route<I, O> or(String branch, Predicate<? super I> condition, Stage<? super I, ? extends O> stage) {
            return or(new Stages.Branch(requireName(branch), false, requireNonNull(condition, "condition"), stage));
        }

        /**
         * Returns these branches and one more that looks at the run's options, asked after them.
         *
         * @param branch its name
         * @param condition says whether a run takes it
         * @param stage what answers then
         * @return more branches
         */
        public Route<I, O> orOptions(
                String branch, Predicate<RunOptions> condition, Stage<? super I, ? extends O> stage) {
            return or(new Stages.Branch(requireName(branch), true, requireNonNull(condition, "condition"), stage));
        }

        private Route<I, O> or(Stages.Branch branch) {
            requireNonNull(branch.stage(), "stage");
            List<Stages.Branch> more = new ArrayList<>(branches);
            more.add(branch);
            return new Route<>(List.copyOf(more));
        }

        /**
         * Returns the stage.
         *
         * @param stage what answers for every other input
         * @return the stage, with this stage's name
         */
        public Stage<I, O> otherwise(Stage<? super I, ? extends O> stage) {
            requireNonNull(stage, "stage");
            return new Stages.Case<>(new Stages.Choice(branches, stage));
        }
    }
}
