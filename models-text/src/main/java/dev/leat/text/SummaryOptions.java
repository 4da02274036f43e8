package dev.leat.text;

import org.jspecify.annotations.Nullable;

/**
 * How long a summary may be; immutable. All limits hold at once; at least one sentence is always given, however long.
 *
 * @param maxTokens the most tokens of all sentences together, as the encoder's tokenizer counts them
 * @param maxSentences the most sentences
 * @param ratio the largest share of the text's tokens, above 0, at most 1
 */
public record SummaryOptions(int maxTokens, int maxSentences, double ratio) {

    /** The most tokens if no limit is set. */
    public static final int DEFAULT_MAX_TOKENS = 150;

    /** Checks the components. */
    public SummaryOptions {
        if (maxTokens < 1 || maxSentences < 1) {
            throw new IllegalArgumentException(
                    "maxTokens and maxSentences must be at least 1, were " + maxTokens + " and " + maxSentences);
        }
        if (!(ratio > 0 && ratio <= 1)) {
            throw new IllegalArgumentException("ratio must be above 0 and at most 1, was " + ratio);
        }
    }

    /**
     * Returns how many tokens a summary of a text may have.
     *
     * @param tokens of the text
     * @return the smaller of {@link #maxTokens} and the share of the text's
     */
    public int tokensFor(int tokens) {
        return (int) Math.min(maxTokens, Math.ceil(ratio * tokens));
    }

    /** Builds options; confined to one thread. */
    public static final class Builder {
        private @Nullable Integer maxTokens;
        private @Nullable Integer maxSentences;
        private @Nullable Double ratio;

        Builder() {}

        /**
         * Sets the most tokens of all sentences together.
         *
         * @param tokens at least 1; default {@value SummaryOptions#DEFAULT_MAX_TOKENS}, or no limit if another one is
         *     set
         * @return this
         */
        public Builder maxTokens(int tokens) {
            requireUnset("maxTokens", maxTokens);
            maxTokens = tokens;
            return this;
        }

        /**
         * Sets the most sentences.
         *
         * @param sentences at least 1; default no limit
         * @return this
         */
        public Builder maxSentences(int sentences) {
            requireUnset("maxSentences", maxSentences);
            maxSentences = sentences;
            return this;
        }

        /**
         * Sets the largest share of the text's tokens.
         *
         * @param share above 0, at most 1; default no limit
         * @return this
         */
        public Builder ratio(double share) {
            requireUnset("ratio", ratio);
            ratio = share;
            return this;
        }

        private static void requireUnset(String name, @Nullable Object value) {
            if (value != null) {
                throw new IllegalStateException(name + " is set already, to " + value);
            }
        }

        SummaryOptions build() {
            int tokens = maxSentences == null && ratio == null ? DEFAULT_MAX_TOKENS : Integer.MAX_VALUE;
            return new SummaryOptions(
                    maxTokens == null ? tokens : maxTokens,
                    maxSentences == null ? Integer.MAX_VALUE : maxSentences,
                    ratio == null ? 1 : ratio);
        }
    }
}
