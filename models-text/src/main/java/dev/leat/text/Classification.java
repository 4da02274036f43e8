package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Which labels of a {@link Classifier} a text has; immutable.
 *
 * @param scores all labels, likeliest first; they sum to 1 unless the classifier is multi-label
 * @param labels the labels that the text has, likeliest first: the best one, or none if the text is unknown or its score
 *     too low; of a multi-label classifier all that reach their thresholds
 * @param similarity how near the text is to the nearest label: a cosine, of centred vectors where the classifier centres
 */
public record Classification(List<LabelScore> scores, List<String> labels, double similarity) {

    /** Sorts and copies the components. */
    public Classification {
        scores = LabelScore.bestFirst(scores);
        labels = List.copyOf(labels);
        if (scores.isEmpty()) {
            throw new IllegalArgumentException("scores must not be empty");
        }
    }

    /**
     * Returns the likeliest of the labels that the text has.
     *
     * @return empty if it has none
     */
    public Optional<String> label() {
        return labels.stream().findFirst();
    }

    /**
     * Returns whether the text has a label.
     *
     * @param label one of the classifier's
     * @return true if it is among {@link #labels()}
     */
    public boolean has(String label) {
        return labels.contains(requireNonNull(label, "label"));
    }

    /** Returns the number of labels: what a text is about is as private as the text. */
    @Override
    public String toString() {
        return "Classification[" + labels.size() + " of " + scores.size() + " labels]";
    }
}
