package dev.leat;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A model, its tokenizer or the native library under it cannot be loaded; the message says what to do. */
public final class ModelLoadException extends InferenceException {

    private static final long serialVersionUID = 1L;

    /** The model's id. */
    private final String modelId;

    /**
     * Creates one.
     *
     * @param modelId the model's id
     * @param message what was expected, what was found, and how to mend it
     */
    public ModelLoadException(String modelId, String message) {
        this(modelId, message, null);
    }

    /**
     * Creates one with its cause.
     *
     * @param modelId the model's id
     * @param message what was expected, what was found, and how to mend it
     * @param cause the error, or null
     */
    public ModelLoadException(String modelId, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.modelId = requireNonNull(modelId, "modelId");
    }

    /**
     * Returns which model it was.
     *
     * @return the model's id
     */
    public String modelId() {
        return modelId;
    }

    @Override
    InferenceException forAnotherCaller() {
        return new ModelLoadException(modelId, String.valueOf(getMessage()), commonCause());
    }
}
