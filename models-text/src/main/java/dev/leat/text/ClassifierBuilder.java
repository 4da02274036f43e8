package dev.leat.text;

import static java.util.Objects.requireNonNull;

import dev.leat.text.classify.Prototypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Classifier} from texts; confined to one thread.
 *
 * <p>A label is known by descriptions, by examples, or by both; a description counts as much as 16 examples. Unlabelled
 * texts like those to be classified help most of all: vectors are centred on their mean, and if there are 64 or more, the
 * labels' points move towards the texts near to them. They should have about the same mixture of labels: a sample in which
 * some labels are missing harms.
 */
public final class ClassifierBuilder {

    private final Function<List<String>, List<Embedding>> embed;
    private final Map<String, List<String>> descriptions = new LinkedHashMap<>();
    private final Map<String, List<String>> examples = new LinkedHashMap<>();
    private final List<String> unlabelled = new ArrayList<>();
    private final Map<String, Double> thresholds = new HashMap<>();
    private boolean multiLabel;
    private @Nullable Double unknownBelow;

    ClassifierBuilder(Function<List<String>, List<Embedding>> embed) {
        this.embed = embed;
    }

    /**
     * Adds a topic: a label with descriptions.
     *
     * @param topic its label may have examples, too
     * @return this
     */
    public ClassifierBuilder topic(Topic topic) {
        descriptions.computeIfAbsent(topic.label(), l -> new ArrayList<>()).addAll(topic.descriptions());
        return this;
    }

    /**
     * Adds examples of a label.
     *
     * @param label the label
     * @param texts that have it
     * @return this
     */
    public ClassifierBuilder examples(String label, List<String> texts) {
        examples.computeIfAbsent(requireNonNull(label, "label"), l -> new ArrayList<>())
                .addAll(List.copyOf(texts));
        return this;
    }

    /**
     * Adds examples of several labels.
     *
     * @param texts label to texts that have it
     * @return this
     */
    public ClassifierBuilder fromExamples(Map<String, List<String>> texts) {
        texts.forEach(this::examples);
        return this;
    }

    /**
     * Adds texts like those to be classified, whose labels are not known.
     *
     * @param texts in all at least 16, better 64 to 300
     * @return this
     */
    public ClassifierBuilder unlabelled(List<String> texts) {
        unlabelled.addAll(List.copyOf(texts));
        return this;
    }

    /**
     * Lets a text have several labels or none: scores no longer sum to 1, and a label is given where its score reaches
     * its threshold. Needs examples of two labels, or unlabelled texts, to know how near is near.
     *
     * @return this
     */
    public ClassifierBuilder multiLabel() {
        multiLabel = true;
        return this;
    }

    /**
     * Sets the score that a label must reach to be given.
     *
     * @param label one of the labels
     * @param score 0 to 1; default 0, of a multi-label classifier 0.5
     * @return this
     */
    public ClassifierBuilder threshold(String label, double score) {
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("a threshold must be between 0 and 1, was " + score);
        }
        Double before = thresholds.put(requireNonNull(label, "label"), score);
        if (before != null) {
            throw new IllegalStateException("the threshold of '" + label + "' is set already, to " + before);
        }
        return this;
    }

    /**
     * Gives no label to texts that are far from all of them.
     *
     * @param similarity what {@link Classification#similarity()} must reach; default any. Look at the similarities of
     *     texts of your own to choose one
     * @return this
     */
    public ClassifierBuilder unknownBelow(double similarity) {
        if (unknownBelow != null) {
            throw new IllegalStateException("unknownBelow is set already, to " + unknownBelow);
        }
        if (!(similarity >= -1 && similarity <= 1)) {
            throw new IllegalArgumentException("a similarity is between -1 and 1, was " + similarity);
        }
        unknownBelow = similarity;
        return this;
    }

    /**
     * Embeds all texts and builds the classifier.
     *
     * @return the classifier; keeps no text
     * @throws IllegalStateException if it cannot be built; lists all mistakes
     * @throws dev.leat.InferenceException if a text cannot be embedded
     */
    public Classifier build() {
        Map<String, List<String>> labels = new LinkedHashMap<>();
        descriptions.keySet().forEach(label -> labels.put(label, List.of()));
        examples.keySet().forEach(label -> labels.put(label, List.of()));
        requireSound(labels);
        List<String> texts = new ArrayList<>();
        for (String label : labels.keySet()) {
            texts.addAll(descriptions.getOrDefault(label, List.of()));
            texts.addAll(examples.getOrDefault(label, List.of()));
        }
        texts.addAll(unlabelled);
        List<Embedding> embeddings = embed.apply(texts);
        Map<String, ClassifierData.Known> known = new LinkedHashMap<>();
        int at = 0;
        for (String label : labels.keySet()) {
            int middle = at + descriptions.getOrDefault(label, List.of()).size();
            int end = middle + examples.getOrDefault(label, List.of()).size();
            known.put(label, new ClassifierData.Known(embeddings.subList(at, middle), embeddings.subList(middle, end)));
            at = end;
        }
        return new Classifier(new ClassifierData(
                embeddings.get(0).space(),
                known,
                embeddings.subList(at, embeddings.size()),
                multiLabel,
                thresholds,
                unknownBelow));
    }

    private void requireSound(Map<String, List<String>> labels) {
        List<String> mistakes = new ArrayList<>();
        if (labels.isEmpty()) {
            mistakes.add("there is no label; give topics or examples");
        }
        for (String label : labels.keySet()) {
            if (!descriptions.containsKey(label)
                    && examples.getOrDefault(label, List.of()).isEmpty()) {
                mistakes.add("label '" + label + "' has neither a description nor an example");
            }
        }
        for (String label : thresholds.keySet()) {
            if (!labels.containsKey(label)) {
                mistakes.add("there is a threshold for '" + label + "', but no such label");
            }
        }
        if (!unlabelled.isEmpty() && unlabelled.size() < Prototypes.MIN_CENTRING) {
            mistakes.add(unlabelled.size() + " unlabelled texts are too few to have a mean; give at least "
                    + Prototypes.MIN_CENTRING + ", or none");
        }
        if (multiLabel && unlabelled.isEmpty() && examples.size() < 2) {
            mistakes.add("multiLabel() needs examples of two labels, or unlabelled texts");
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalStateException("Classifier: " + String.join("; ", mistakes));
        }
    }
}
