package dev.leat;

/** A stage's timeout or its run's deadline passed before it had an answer; has no stack trace. */
public final class DeadlineExceededException extends InferenceException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message which limit passed, without input
     */
    public DeadlineExceededException(String message) {
        super(message, null, false);
    }

    @Override
    public boolean isRetryable() {
        return true;
    }

    @Override
    InferenceException forAnotherCaller() {
        return new DeadlineExceededException(String.valueOf(getMessage()));
    }
}
