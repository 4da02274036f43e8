package dev.leat.text;

import java.util.List;

/**
 * What a text is about; immutable.
 *
 * @param labels all topics that were asked for, likeliest first; scores sum to 1
 */
public record Topics(List<LabelScore> labels) {

    /** Sorts and copies the labels. */
    public Topics {
        labels = LabelScore.bestFirst(labels);
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("labels must not be empty");
        }
    }

    /**
     * Returns the likeliest topic.
     *
     * @return the first label
     */
    public LabelScore best() {
        return labels.get(0);
    }
}
