package dev.leat.vision;

import java.util.OptionalDouble;

/**
 * Whether a picture is fit to be shown, as far as nudity goes; immutable.
 *
 * <p>Detection rate: not measured. The model is strict on skin: harmless pictures of beaches or bath towels may be
 * flagged. Of the 1,000 ImageNet sample pictures, one a class, 4.7 % score .1 or more, 0.8 % score .5 or more. It knows
 * nothing of violence, symbols or text. Scores below .02 of large JPEGs come from a smaller decoding and were off by
 * .006 at most.
 *
 * @param flagged true if somebody should look at it first: the score reached the threshold, or there is none
 * @param isAppropriate the opposite of {@code flagged}
 * @param score the model's probability of nudity, 0 to 1; empty if the picture could not be examined
 */
public record ImageModeration(boolean flagged, boolean isAppropriate, OptionalDouble score) {

    /** Checks the components. */
    public ImageModeration {
        if (flagged == isAppropriate) {
            throw new IllegalArgumentException("flagged and isAppropriate are opposites");
        }
    }

    /**
     * Returns the verdict on a score.
     *
     * @param score 0 to 1
     * @param threshold flagged from here on
     * @return the verdict
     */
    public static ImageModeration of(double score, double threshold) {
        boolean flagged = !(score < threshold);
        return new ImageModeration(flagged, !flagged, OptionalDouble.of(score));
    }

    /**
     * Returns what stands in for an examination that was not possible: flagged, without a score.
     *
     * @return equal each time
     */
    public static ImageModeration unavailable() {
        return new ImageModeration(true, false, OptionalDouble.empty());
    }
}
