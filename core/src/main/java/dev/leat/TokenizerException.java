package dev.leat;

import org.jspecify.annotations.Nullable;

/** The tokenizer failed on a text. */
public final class TokenizerException extends InferenceException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message what failed, without the text
     * @param cause the error, or null
     */
    public TokenizerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    InferenceException forAnotherCaller() {
        return new TokenizerException(String.valueOf(getMessage()), commonCause());
    }
}
