package dev.leat;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A step or the model under it failed while running. */
public final class ModelRunException extends InferenceException {

    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        /** The runtime or the step reported an error. */
        FAILED,
        /** The runtime could not get the memory that the run needed. */
        OUT_OF_NATIVE_MEMORY,
        /** The model answered with something that is no answer: a wrong shape, NaN. */
        BAD_OUTPUT
    }

    /** What went wrong. */
    private final Kind kind;

    /**
     * Creates one of kind {@link Kind#FAILED}.
     *
     * @param message what failed and where, without input
     * @param cause the error, or null
     */
    public ModelRunException(String message, @Nullable Throwable cause) {
        this(Kind.FAILED, message, cause);
    }

    /**
     * Creates one.
     *
     * @param kind what went wrong
     * @param message what failed and where, without input
     * @param cause the error, or null
     */
    public ModelRunException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = requireNonNull(kind, "kind");
    }

    /**
     * Returns what went wrong.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    @Override
    InferenceException forAnotherCaller() {
        return new ModelRunException(kind, String.valueOf(getMessage()), commonCause());
    }
}
