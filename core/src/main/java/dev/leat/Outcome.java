package dev.leat;

import static java.util.Objects.requireNonNull;

/**
 * How a stage ended: one of four cases, each with its provenance; immutable.
 *
 * @param <O> the stage's value
 */
public sealed interface Outcome<O> {

    /**
     * Returns where this outcome came from.
     *
     * @return the provenance
     */
    Provenance provenance();

    /**
     * The stage answered.
     *
     * @param <O> the stage's value
     * @param value the answer
     * @param provenance where it came from
     */
    record Success<O>(O value, Provenance provenance) implements Outcome<O> {
        /** Checks the components. */
        public Success {
            requireNonNull(value, "value");
            requireNonNull(provenance, "provenance");
        }

        /** Returns the case's name alone: a value may be private. */
        @Override
        public String toString() {
            return "Success";
        }
    }

    /**
     * Something less than the stage answered: a fallback, or a value that stands in for one that could not be had.
     *
     * @param <O> the stage's value
     * @param value the answer
     * @param reason why it is not a success
     * @param provenance where it came from; its hops carry every reason on the way
     */
    record Degraded<O>(O value, Reason reason, Provenance provenance) implements Outcome<O> {
        /** Checks the components. */
        public Degraded {
            requireNonNull(value, "value");
            requireNonNull(reason, "reason");
            requireNonNull(provenance, "provenance");
        }

        /** Returns the case and its reason: a value may be private. */
        @Override
        public String toString() {
            return "Degraded[" + reason + "]";
        }
    }

    /**
     * A condition said that the stage is not wanted.
     *
     * @param <O> the stage's value
     * @param reason which condition
     * @param provenance where it came from
     */
    record Skipped<O>(Reason reason, Provenance provenance) implements Outcome<O> {
        /** Checks the components. */
        public Skipped {
            requireNonNull(reason, "reason");
            requireNonNull(provenance, "provenance");
        }
    }

    /**
     * The stage has no answer.
     *
     * @param <O> the stage's value
     * @param cause what went wrong, this caller's own exception
     * @param provenance where it came from
     */
    record Failed<O>(InferenceException cause, Provenance provenance) implements Outcome<O> {
        /** Checks the components. */
        public Failed {
            requireNonNull(cause, "cause");
            requireNonNull(provenance, "provenance");
        }

        /** Returns the case and the failure's kind. */
        @Override
        public String toString() {
            return "Failed[" + Reason.codeOf(cause) + "]";
        }
    }
}
