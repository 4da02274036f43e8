package dev.leat.text;

/**
 * How long a summary may be; immutable.
 *
 * @param maxTokens the most tokens of all sentences together, as the encoder's tokenizer counts them
 */
public record SummaryOptions(int maxTokens) {

    /** The most tokens unless set otherwise. */
    public static final int DEFAULT_MAX_TOKENS = 150;

    /** Checks the components. */
    public SummaryOptions {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, was " + maxTokens);
        }
    }

    /** Builds options; confined to one thread. */
    public static final class Builder {
        private int maxTokens = DEFAULT_MAX_TOKENS;

        Builder() {}

        /**
         * Sets the most tokens of all sentences together.
         *
         * @param tokens at least 1; default {@value SummaryOptions#DEFAULT_MAX_TOKENS}. At least one sentence is always
         *     given, however long
         * @return this
         */
        public Builder maxTokens(int tokens) {
            maxTokens = tokens;
            return this;
        }

        SummaryOptions build() {
            return new SummaryOptions(maxTokens);
        }
    }
}
