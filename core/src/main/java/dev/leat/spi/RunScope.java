package dev.leat.spi;

/** What a run lends to a step for the length of one call; confined to that call. */
public interface RunScope {

    /**
     * Returns the opened model of a reference that the step named in its facts, loading it if this is the first use.
     *
     * @param <M> the opened model's type
     * @param reference one of {@link StepFacts#models()}
     * @return the model; the caller does not close it
     * @throws dev.leat.ModelLoadException if it cannot be opened
     */
    <M extends AutoCloseable> M model(ModelReference<M> reference);

    /**
     * Returns whether nobody wants the values any more.
     *
     * @return true once every run that asked for them has left
     */
    boolean isCancelled();

    /**
     * Returns whether a part of the values of this call is read, such as one that is large and that few steps use. A part
     * that is not read may be left out.
     *
     * @param part a name that the step and its readers agree on
     * @return true if in a run that waits for a value of this call a step reads the part ({@link StepFacts#reads()}), or
     *     a function or the caller gets the whole value; always true in a light step
     */
    default boolean isRead(String part) {
        return true;
    }

    /**
     * Runs an action when the call is cancelled, at once if it already is.
     *
     * @param action must be quick, must not throw, and runs on another thread
     * @return close it when the piece of work that the action would stop has ended; after {@code close} has returned
     *     the action neither runs nor is running
     */
    Registration onCancel(Runnable action);

    /**
     * Adds to the time that a phase of this call took.
     *
     * @param phase a phase
     * @param nanos nanoseconds, not negative
     */
    void spent(Phase phase, long nanos);

    /**
     * States a fact about an item that its provenance shall carry, such as how many windows a text was cut into.
     *
     * @param item the item's index in this call
     * @param fact a name from a small fixed set; never content
     * @param value a count
     */
    void note(int item, String fact, long value);

    /** A phase of a step's work. */
    enum Phase {
        /** Text to token ids. */
        TOKENIZE,
        /** From the input to tensors. */
        PRE,
        /** The model's forward pass. */
        INFER,
        /** From tensors to values. */
        POST
    }

    /** Undoes {@link #onCancel}. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
