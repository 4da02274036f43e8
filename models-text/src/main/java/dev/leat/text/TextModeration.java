package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;

/**
 * Whether a text should be looked at before others see it; immutable.
 *
 * @param flagged true if a category reached its threshold, or if the text could not be examined
 * @param categories {@code toxic}, {@code hate}, {@code offensive} (a model's probabilities, of the window where it is
 *     highest), {@code profanity}, {@code contact}, {@code secret} (rules: 0 or 1), highest first; empty if the text could
 *     not be examined
 * @param findings the places where a category reached its threshold, in the order of the text
 */
public record TextModeration(boolean flagged, List<LabelScore> categories, List<Finding> findings) {

    private static final Comparator<Finding> IN_ORDER = Comparator.comparingInt(Finding::start)
            .thenComparingInt(Finding::end)
            .thenComparing(Finding::category);

    /**
     * A place of the text as given, where a category reached its threshold; immutable.
     *
     * @param category the category
     * @param score 1 from rules; from the model its probability
     * @param start the index of its first char (UTF-16)
     * @param end one past its last: a rule's place is what it matched, the model's is the window that it read (the whole
     *     text, unless it is longer than 510 tokens)
     */
    public record Finding(String category, double score, int start, int end) {

        /** Checks the components. */
        public Finding {
            requireNonNull(category, "category");
            if (start < 0 || end < start) {
                throw new IllegalArgumentException("a place must not end before it begins: " + start + " to " + end);
            }
        }
    }

    /** Sorts and copies the lists. */
    public TextModeration {
        categories = LabelScore.bestFirst(categories);
        findings = findings.stream().sorted(IN_ORDER).toList();
    }

    /**
     * Returns what stands in for an examination that was not possible: flagged, without scores.
     *
     * @return the same value each time
     */
    public static TextModeration unavailable() {
        return new TextModeration(true, List.of(), List.of());
    }
}
