package dev.leat.vision;

import static java.util.Objects.requireNonNull;

/**
 * Something that may be in a picture; immutable.
 *
 * @param index the class's number in the model
 * @param label its name, English
 * @param score its probability among all classes, 0 to 1
 */
public record ImageLabel(int index, String label, double score) {

    /** Checks the components. */
    public ImageLabel {
        requireNonNull(label, "label");
    }
}
