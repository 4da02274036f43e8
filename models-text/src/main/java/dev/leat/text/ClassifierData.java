package dev.leat.text;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a classifier was made of; immutable, checked.
 *
 * @param space of all embeddings
 * @param labels at least one, in order, each with a description or an example
 * @param unlabelled texts like those to be classified
 * @param multiLabel whether a text may have several labels
 * @param thresholds scores that labels must reach
 * @param unknownBelow the similarity that a text must have to the nearest label, or null
 */
record ClassifierData(
        String space,
        Map<String, Known> labels,
        List<Embedding> unlabelled,
        boolean multiLabel,
        Map<String, Double> thresholds,
        @Nullable Double unknownBelow) {

    /** What is known of a label. */
    record Known(List<Embedding> descriptions, List<Embedding> examples) {
        Known {
            descriptions = List.copyOf(descriptions);
            examples = List.copyOf(examples);
        }
    }

    ClassifierData {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        unlabelled = List.copyOf(unlabelled);
        thresholds = Map.copyOf(thresholds);
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("a classifier needs at least one label");
        }
        labels.forEach((label, known) -> {
            if (known.descriptions().isEmpty() && known.examples().isEmpty()) {
                throw new IllegalArgumentException("label '" + label + "' needs a description or an example");
            }
        });
    }

    ClassifierData withLabels(Map<String, Known> others) {
        return new ClassifierData(space, others, unlabelled, multiLabel, thresholds, unknownBelow);
    }
}
