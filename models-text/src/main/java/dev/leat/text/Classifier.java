package dev.leat.text;

import static java.util.Objects.requireNonNull;

import dev.leat.ModelLoadException;
import dev.leat.text.classify.Prototypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells texts apart by examples and descriptions of labels, over embeddings; immutable, thread-safe.
 *
 * <p>Made by {@link TextModels#classifier()} and used by {@link TextModels#classification(Classifier)}. Nothing is
 * trained: each label has a point, the mean of what is known of it, and a text belongs to the nearest (see
 * {@link ClassifierBuilder}). Adding an example makes a new classifier in milliseconds; there is one at a time to publish,
 * so a field that is volatile is all that threads need to share one that learns.
 */
public final class Classifier {

    private final ClassifierData data;
    private final Prototypes prototypes;

    Classifier(ClassifierData data) {
        this.data = data;
        this.prototypes = Prototypes.of(
                data.labels().values().stream()
                        .map(known -> new Prototypes.Known(vectors(known.descriptions()), vectors(known.examples())))
                        .toList(),
                vectors(data.unlabelled()));
    }

    private static List<float[]> vectors(List<Embedding> embeddings) {
        return embeddings.stream().map(Embedding::vector).toList();
    }

    /**
     * Reads a classifier that was saved.
     *
     * @param file what {@link #save(Path)} wrote
     * @return an equal classifier
     * @throws ModelLoadException if the file is missing, damaged, or of a newer version
     */
    public static Classifier load(Path file) {
        try (InputStream in = Files.newInputStream(requireNonNull(file, "file"))) {
            return read(in);
        } catch (IOException e) {
            throw new ModelLoadException(
                    "classifier",
                    "A saved classifier cannot be read: " + e.getClass().getSimpleName(),
                    e);
        }
    }

    /**
     * Reads a classifier that was written.
     *
     * @param in not closed; nothing behind the classifier is read
     * @return an equal classifier
     * @throws ModelLoadException if this is no classifier, damaged, or of a newer version
     */
    public static Classifier read(InputStream in) {
        return new Classifier(ClassifierFile.read(requireNonNull(in, "in")));
    }

    /**
     * Writes this classifier to a file: vectors and labels, no text.
     *
     * @param file replaced if it is there
     * @throws IOException if it cannot be written
     */
    public void save(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(requireNonNull(file, "file"))) {
            write(out);
        }
    }

    /**
     * Writes this classifier: vectors and labels, no text.
     *
     * @param out not closed
     * @throws IOException if it cannot be written
     */
    public void write(OutputStream out) throws IOException {
        ClassifierFile.write(data, requireNonNull(out, "out"));
    }

    /**
     * Returns the space of the embeddings that this classifier is over.
     *
     * @return see {@link Embedding#space()}
     */
    public String space() {
        return data.space();
    }

    /**
     * Returns the labels.
     *
     * @return in the order in which they were given
     */
    public List<String> labels() {
        return List.copyOf(data.labels().keySet());
    }

    /**
     * Returns how many examples a label has.
     *
     * @param label one of the labels
     * @return not negative
     */
    public int examples(String label) {
        return known(label).examples().size();
    }

    /**
     * Classifies a text.
     *
     * @param text its embedding, of {@link #space()}
     * @return its labels
     * @throws IllegalArgumentException if the embedding is of another space
     */
    public Classification classify(Embedding text) {
        requireSpace(text);
        double[] similarities = prototypes.similarities(text.vector());
        double[] scores = data.multiLabel() ? prototypes.independent(similarities) : prototypes.exclusive(similarities);
        List<LabelScore> all = new ArrayList<>();
        double nearest = Double.NEGATIVE_INFINITY;
        for (String label : data.labels().keySet()) {
            nearest = Math.max(nearest, similarities[all.size()]);
            all.add(new LabelScore(label, scores[all.size()]));
        }
        List<String> labels = new ArrayList<>();
        if (data.unknownBelow() == null || nearest >= data.unknownBelow()) {
            LabelScore.bestFirst(all).stream()
                    .limit(data.multiLabel() ? all.size() : 1)
                    .filter(each -> each.score() >= threshold(each.label()))
                    .forEach(each -> labels.add(each.label()));
        }
        return new Classification(all, labels, nearest);
    }

    private double threshold(String label) {
        return data.thresholds().getOrDefault(label, data.multiLabel() ? 0.5 : 0);
    }

    /**
     * Returns a classifier that knows one more example.
     *
     * @param label one of the labels, or a new one
     * @param example of {@link #space()}
     * @return another classifier; this one stays as it is
     */
    public Classifier with(String label, Embedding example) {
        requireSpace(example);
        ClassifierData.Known known = data.labels().getOrDefault(label, new ClassifierData.Known(List.of(), List.of()));
        List<Embedding> more = new ArrayList<>(known.examples());
        more.add(example);
        return replacing(label, new ClassifierData.Known(known.descriptions(), more));
    }

    /**
     * Returns a classifier that has forgotten an example.
     *
     * @param label one of the labels
     * @param example equal to the example to be forgotten
     * @return another classifier; this one stays as it is
     * @throws IllegalArgumentException if there is no such example, or nothing would be known of the label
     */
    public Classifier without(String label, Embedding example) {
        ClassifierData.Known known = known(label);
        List<Embedding> fewer = new ArrayList<>(known.examples());
        if (!fewer.remove(example)) {
            throw new IllegalArgumentException("Label '" + label + "' has no such example");
        }
        return replacing(label, new ClassifierData.Known(known.descriptions(), fewer));
    }

    private Classifier replacing(String label, ClassifierData.Known known) {
        Map<String, ClassifierData.Known> labels = new LinkedHashMap<>(data.labels());
        labels.put(requireNonNull(label, "label"), known);
        return new Classifier(data.withLabels(labels));
    }

    private ClassifierData.Known known(String label) {
        ClassifierData.Known known = data.labels().get(requireNonNull(label, "label"));
        if (known == null) {
            throw new IllegalArgumentException(
                    "'" + label + "' is none of the labels " + data.labels().keySet());
        }
        return known;
    }

    private void requireSpace(Embedding embedding) {
        if (!embedding.space().equals(data.space())) {
            throw new IllegalArgumentException("This classifier is over embeddings of '" + data.space() + "', not of '"
                    + embedding.space() + "'; use the stage classificationEmbedding() of the same encoder");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Classifier that && data.equals(that.data);
    }

    @Override
    public int hashCode() {
        return data.hashCode();
    }

    /** Returns the number of examples of each label, and the space. */
    @Override
    public String toString() {
        Map<String, Integer> counts = new TreeMap<>();
        data.labels()
                .forEach((label, known) -> counts.put(label, known.examples().size()));
        return "Classifier[" + counts + " over " + data.space() + "]";
    }
}
