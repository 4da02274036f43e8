package dev.leat.vision;

import static java.util.Objects.requireNonNull;

/**
 * Something that may be in a picture; immutable.
 *
 * @param index the class's number in the model
 * @param id the class's id outside of the model: for the bundled classifiers that of WordNet 3.0, such as
 *     {@code n02124075}; for a model that lists no ids the same as {@code label}
 * @param label its name, English in the bundled models
 * @param score its probability among all classes, 0 to 1
 */
public record ImageLabel(int index, String id, String label, double score) {

    /** Checks the components. */
    public ImageLabel {
        requireNonNull(id, "id");
        requireNonNull(label, "label");
    }
}
