package dev.leat;

import org.jspecify.annotations.Nullable;

/**
 * A function of the user's threw or returned null; the cause is the user's own exception.
 *
 * <p>The cause may carry input, so the library never logs it.
 */
public final class FunctionException extends InferenceException {

    private static final long serialVersionUID = 1L;

    FunctionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    InferenceException forAnotherCaller() {
        return new FunctionException(String.valueOf(getMessage()), commonCause());
    }
}
