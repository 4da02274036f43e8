package dev.leat.text;

/**
 * How sentiment is told; immutable.
 *
 * @param neutralBelow a margin below this is {@link Sentiment.Label#NEUTRAL}; 0 for never
 */
public record SentimentOptions(double neutralBelow) {

    /** Checks the components. */
    public SentimentOptions {
        if (!(neutralBelow >= 0 && neutralBelow <= 1)) {
            throw new IllegalArgumentException("neutralBelow must be between 0 and 1, was " + neutralBelow);
        }
    }

    /** Builds options; confined to one thread. */
    public static final class Builder {
        private double neutralBelow;

        Builder() {}

        /**
         * Answers {@link Sentiment.Label#NEUTRAL} where the model is not sure; score and margin stay those of the likelier
         * label.
         *
         * @param margin the least {@link Sentiment#margin()} of a decided answer, 0 to 1; default 0: never neutral
         * @return this
         */
        public Builder neutralBelow(double margin) {
            this.neutralBelow = margin;
            return this;
        }

        SentimentOptions build() {
            return new SentimentOptions(neutralBelow);
        }
    }
}
