package dev.leat.guard;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Validates and cleans an input before any work; what it removes, it reports.
 *
 * <p>Implementations are immutable and thread-safe, and have value equality.
 *
 * @param <I> the type of an input
 */
@FunctionalInterface
public interface Guard<I> {

    /**
     * Returns the input as the stages shall see it.
     *
     * @param input the input as given
     * @return the cleaned input and what was removed from it
     * @throws dev.leat.InvalidInputException if the input must not be worked on; its message never contains the input
     */
    Verdict<I> check(I input);

    /**
     * A cleaned input and the report on it; immutable.
     *
     * @param <I> the type of an input
     * @param input as the stages shall see it
     * @param removals what was removed or changed, one entry for each kind, in the order of the rules
     * @param offsets where the chars of a cleaned text stand in the text as given
     */
    record Verdict<I>(I input, List<Removal> removals, Offsets offsets) {
        /** Checks the components. */
        public Verdict {
            requireNonNull(input, "input");
            removals = List.copyOf(removals);
            requireNonNull(offsets, "offsets");
        }

        /**
         * Makes the verdict on an input that has no places which could shift.
         *
         * @param input as the stages shall see it
         * @param removals what was removed or changed
         */
        public Verdict(I input, List<Removal> removals) {
            this(input, removals, Offsets.none());
        }

        /** Returns the removals alone: an input may be private. */
        @Override
        public String toString() {
            return "Verdict" + removals;
        }
    }

    /**
     * How often a rule removed or changed something.
     *
     * @param kind the rule: {@code script-block}, {@code control-character}, {@code lone-surrogate}, {@code blank-edge}
     * @param count how often, at least 1
     */
    record Removal(String kind, int count) {
        /** Checks the components. */
        public Removal {
            requireNonNull(kind, "kind");
            if (count < 1) {
                throw new IllegalArgumentException("count must be at least 1, was " + count);
            }
        }
    }
}
