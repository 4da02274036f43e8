package dev.leat.text;

import java.util.List;

/**
 * Whether a text should be looked at before others see it; immutable.
 *
 * @param flagged true if a category reached its threshold, or if the text could not be examined
 * @param categories {@code toxic}, {@code hate}, {@code offensive} (a model's probabilities), {@code profanity},
 *     {@code contact}, {@code secret} (rules: 0 or 1), highest first; empty if the text could not be examined
 */
public record TextModeration(boolean flagged, List<LabelScore> categories) {

    /** Sorts and copies the categories. */
    public TextModeration {
        categories = LabelScore.bestFirst(categories);
    }

    /**
     * Returns what stands in for an examination that was not possible: flagged, without scores.
     *
     * @return the same value each time
     */
    public static TextModeration unavailable() {
        return new TextModeration(true, List.of());
    }
}
