package dev.leat;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything that can go wrong with an inference; its subclasses are what a caller would do differently.
 *
 * <p>Messages never contain input, output, tokens or vectors. Misuse of the API is an {@link IllegalArgumentException}
 * or {@link IllegalStateException} instead.
 */
public abstract sealed class InferenceException extends RuntimeException
        permits CancelledException,
                DeadlineExceededException,
                FunctionException,
                InvalidInputException,
                ModelLoadException,
                ModelRunException,
                OverloadedException,
                TokenizerException {

    private static final long serialVersionUID = 1L;

    InferenceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    InferenceException(String message, @Nullable Throwable cause, boolean stackTrace) {
        super(message, cause, true, stackTrace);
    }

    /**
     * Returns whether the same call may succeed later without any change.
     *
     * @return true for overload, expired deadlines and cancellations
     */
    public boolean isRetryable() {
        return false;
    }

    /** Returns an exception of the same meaning for another caller, whose cause is this one's cause or this one. */
    abstract InferenceException forAnotherCaller();

    final Throwable commonCause() {
        Throwable cause = getCause();
        return cause == null ? this : cause;
    }
}
