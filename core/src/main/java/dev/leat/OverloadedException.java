package dev.leat;

/** The library refused work because its queues are full; has no stack trace. */
public final class OverloadedException extends InferenceException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message which limit was met, without input
     */
    public OverloadedException(String message) {
        super(message, null, false);
    }

    @Override
    public boolean isRetryable() {
        return true;
    }

    @Override
    InferenceException forAnotherCaller() {
        return new OverloadedException(String.valueOf(getMessage()));
    }
}
