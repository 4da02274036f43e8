package dev.leat;

/** The run, or this demand on a stage, was cancelled before it had an answer; has no stack trace. */
public final class CancelledException extends InferenceException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message what was cancelled, without input
     */
    public CancelledException(String message) {
        super(message, null, false);
    }

    @Override
    public boolean isRetryable() {
        return true;
    }

    @Override
    InferenceException forAnotherCaller() {
        return new CancelledException(String.valueOf(getMessage()));
    }
}
