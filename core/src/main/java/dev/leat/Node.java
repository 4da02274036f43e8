package dev.leat;

import dev.leat.guard.Guard;
import dev.leat.spi.BatchStep;
import dev.leat.spi.StepFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A node of the compiled graph, by the numbers of the nodes below it; equal nodes are one node.
 *
 * <p>Value nodes compute something; decisions choose which nodes to demand and which outcome follows. Names are no
 * part of a node.
 */
sealed interface Node {

    /** The nodes below, in a fixed order. */
    List<Integer> below();

    /** A node that computes a value by itself, as opposed to a decision. */
    sealed interface Value extends Node {}

    record Input() implements Value {
        @Override
        public List<Integer> below() {
            return List.of();
        }
    }

    /** The last items of the run's session and the input. */
    record Window(int input) implements Value {
        @Override
        public List<Integer> below() {
            return List.of(input);
        }
    }

    record Guarded(Guard<Object> guard, int input) implements Value {
        @Override
        public List<Integer> below() {
            return List.of(input);
        }
    }

    /** With the step's facts, which a run asks for more than once. */
    record Step(BatchStep<Object, Object> step, StepFacts facts, int input) implements Value {

        Step(BatchStep<Object, Object> step, int input) {
            this(step, step.facts(), input);
        }

        @Override
        public List<Integer> below() {
            return List.of(input);
        }
    }

    record Func(Function<Object, @Nullable Object> function, int input) implements Value {
        @Override
        public List<Integer> below() {
            return List.of(input);
        }
    }

    /** A condition on a value; its value is a Boolean. */
    record Test(Predicate<Object> condition, int input) implements Value {
        @Override
        public List<Integer> below() {
            return List.of(input);
        }
    }

    /** A condition on the run's options; waits for the input, so that a refused input fails rather than skips. */
    record OptionsTest(Predicate<RunOptions> condition, int input) implements Value {
        @Override
        public List<Integer> below() {
            return List.of(input);
        }
    }

    record Combine(BiFunction<Object, Object, @Nullable Object> function, int first, int second) implements Value {
        @Override
        public List<Integer> below() {
            return List.of(first, second);
        }
    }

    record Keyed(Function<Object, @Nullable Object> key, int input) implements Value {
        @Override
        public List<Integer> below() {
            return List.of(input);
        }
    }

    record Constant(Object value) implements Value {
        @Override
        public List<Integer> below() {
            return List.of();
        }
    }

    /** The target if the test on the input is true, else Skipped with the code. */
    record When(String code, int input, int test, int target) implements Node {
        @Override
        public List<Integer> below() {
            return List.of(input, test, target);
        }
    }

    /**
     * The step's value from the cache if it is young enough, else computed and kept. The origin is the nearest node below
     * the step that is no step: its key and the steps between make the value's key, so that a hit runs none of them.
     */
    record Cached(long ttlNanos, int origin, int step) implements Node {
        @Override
        public List<Integer> below() {
            return List.of(origin, step);
        }
    }

    record OrElse(int first, int fallback) implements Node {
        @Override
        public List<Integer> below() {
            return List.of(first, fallback);
        }
    }

    record FailClosed(Object value, int target) implements Node {
        @Override
        public List<Integer> below() {
            return List.of(target);
        }
    }

    record Timeout(long nanos, int target) implements Node {
        @Override
        public List<Integer> below() {
            return List.of(target);
        }
    }

    record Race(List<Integer> contenders) implements Node {
        @Override
        public List<Integer> below() {
            return contenders;
        }
    }

    /** Tests and targets in pairs, then the target of no test. */
    record Choice(List<String> names, List<Integer> pairs, int otherwise) implements Node {
        @Override
        public List<Integer> below() {
            List<Integer> all = new ArrayList<>(pairs);
            all.add(otherwise);
            return all;
        }
    }

    record Escalate(int cheap, int unsure, int dear) implements Node {
        @Override
        public List<Integer> below() {
            return List.of(cheap, unsure, dear);
        }
    }
}
