package dev.leat;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** The input cannot be worked on: a guard refused it, or it is no text or picture that the stage can read. */
public final class InvalidInputException extends InferenceException {

    private static final long serialVersionUID = 1L;

    /** The stable word. */
    private final String code;

    /**
     * Creates one.
     *
     * @param code a stable word for programs, such as {@code too-long}
     * @param message what was wrong and how to mend it, without input
     */
    public InvalidInputException(String code, String message) {
        this(code, message, null);
    }

    /**
     * Creates one with the error that showed the fault.
     *
     * @param code a stable word for programs, such as {@code truncated}
     * @param message what was wrong and how to mend it, without input
     * @param cause the error, or null
     */
    public InvalidInputException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = requireNonNull(code, "code");
    }

    /**
     * Returns the stable word for what was wrong.
     *
     * @return such as {@code blank}, {@code too-long}, {@code too-many-pixels}
     */
    public String code() {
        return code;
    }

    @Override
    InferenceException forAnotherCaller() {
        return new InvalidInputException(code, String.valueOf(getMessage()), commonCause());
    }
}
