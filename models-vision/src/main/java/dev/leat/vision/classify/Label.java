package dev.leat.vision.classify;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.vision.ImageClassification;
import dev.leat.vision.ImageLabel;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Logits to the likeliest labels.
 *
 * @param labels in the order of the logits
 * @param ids likewise
 * @param softmax false if the graph gives probabilities already
 * @param topK how many to give
 */
record Label(List<String> labels, List<String> ids, boolean softmax, int topK)
        implements BatchStep<Classified, ImageClassification> {

    Label {
        labels = List.copyOf(labels);
        ids = List.copyOf(ids);
        if (topK < 1 || topK > labels.size()) {
            throw new IllegalArgumentException("topK must be between 1 and " + labels.size() + ", was " + topK);
        }
    }

    @Override
    public StepFacts facts() {
        return StepFacts.light("label").asResult();
    }

    @Override
    public long weightBytes(ImageClassification value) {
        return 64 + 112L * value.labels().size();
    }

    @Override
    public List<ImageClassification> run(List<Classified> items, RunScope scope) {
        return items.stream().map(item -> best(item.logits())).toList();
    }

    private ImageClassification best(float[] logits) {
        double[] scores = softmax
                ? softmax(logits)
                : IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
        List<ImageLabel> sorted = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]).thenComparing(i -> i))
                .limit(Math.max(topK, 2))
                .map(i -> new ImageLabel(i, ids.get(i), labels.get(i), scores[i]))
                .toList();
        double next = sorted.size() > 1 ? sorted.get(1).score() : 0;
        return new ImageClassification(sorted.subList(0, topK), sorted.get(0).score() - next);
    }

    private static double[] softmax(float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double[] scores = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            scores[i] = Math.exp(logits[i] - max);
            sum += scores[i];
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] /= sum;
        }
        return scores;
    }
}
