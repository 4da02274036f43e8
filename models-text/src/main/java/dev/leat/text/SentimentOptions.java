package dev.leat.text;

import static java.util.Objects.requireNonNull;

/**
 * How sentiment is told; immutable.
 *
 * @param tier which model answers
 * @param neutralBelow a margin below this is {@link Sentiment.Label#NEUTRAL}; 0 for never
 */
public record SentimentOptions(Tier tier, double neutralBelow) {

    /** Checks the components. */
    public SentimentOptions {
        requireNonNull(tier, "tier");
        if (!(neutralBelow >= 0 && neutralBelow <= 1)) {
            throw new IllegalArgumentException("neutralBelow must be between 0 and 1, was " + neutralBelow);
        }
    }

    /** Builds options; confined to one thread. */
    public static final class Builder {
        private Tier tier = Tier.FAST;
        private double neutralBelow;

        Builder() {}

        /**
         * Sets which model answers.
         *
         * @param tier default {@link Tier#FAST}
         * @return this
         */
        public Builder tier(Tier tier) {
            this.tier = requireNonNull(tier, "tier");
            return this;
        }

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
            return new SentimentOptions(tier, neutralBelow);
        }
    }
}
