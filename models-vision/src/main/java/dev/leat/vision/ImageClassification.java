package dev.leat.vision;

import java.util.List;

/**
 * What is likely in a picture; immutable.
 *
 * @param labels as many as were asked for, likeliest first, ties by index; at least one
 * @param margin by how much the likeliest class is likelier than the next one, 0 to 1, however many labels there are:
 *     what a cascade goes by
 */
public record ImageClassification(List<ImageLabel> labels, double margin) {

    /** Copies the labels. */
    public ImageClassification {
        labels = List.copyOf(labels);
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("labels must not be empty");
        }
    }

    /**
     * Returns the likeliest.
     *
     * @return the first label
     */
    public ImageLabel best() {
        return labels.get(0);
    }
}
