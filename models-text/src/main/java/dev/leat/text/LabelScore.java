package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.List;

/**
 * A label and how much speaks for it; immutable.
 *
 * @param label the label
 * @param score a probability, 0 to 1
 */
public record LabelScore(String label, double score) {

    private static final Comparator<LabelScore> BEST_FIRST =
            Comparator.comparingDouble(LabelScore::score).reversed().thenComparing(LabelScore::label);

    /** Checks the components. */
    public LabelScore {
        requireNonNull(label, "label");
    }

    static List<LabelScore> bestFirst(List<LabelScore> scores) {
        return scores.stream().sorted(BEST_FIRST).toList();
    }
}
