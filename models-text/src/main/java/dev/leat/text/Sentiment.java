package dev.leat.text;

import static java.util.Objects.requireNonNull;

/**
 * Whether a text speaks well or ill of its matter; immutable.
 *
 * @param label the likelier of the two; NEUTRAL from rules that find nothing, or from a model on wish where it is not
 *     sure ({@link SentimentOptions.Builder#neutralBelow})
 * @param score the likelier label's probability, 0.5 to 1; from rules 0.7, or 0.5 for NEUTRAL
 */
public record Sentiment(Label label, double score) {

    /** What a text can be. */
    public enum Label {
        /** Speaks well of it. */
        POSITIVE,
        /** Speaks ill of it. */
        NEGATIVE,
        /** Neither, as far as can be told. */
        NEUTRAL
    }

    /** Checks the components. */
    public Sentiment {
        requireNonNull(label, "label");
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("score must be between 0 and 1, was " + score);
        }
    }

    /**
     * Returns how far the likelier label is ahead of the other one.
     *
     * @return 0 (undecided) to 1 (certain)
     */
    public double margin() {
        return Math.max(0, 2 * score - 1);
    }
}
