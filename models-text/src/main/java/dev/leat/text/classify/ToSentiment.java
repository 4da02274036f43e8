package dev.leat.text.classify;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Sentiment;
import java.util.List;

/**
 * Logits, averaged over windows by their tokens, to a sentiment.
 *
 * @param labels in the order of the logits, names of {@link Sentiment.Label}
 * @param neutralBelow a margin below this is neutral
 */
public record ToSentiment(List<String> labels, double neutralBelow) implements BatchStep<WindowLogits, Sentiment> {

    /** Copies the labels. */
    public ToSentiment {
        labels = List.copyOf(labels);
    }

    @Override
    public StepFacts facts() {
        return StepFacts.light("sentiment").asResult();
    }

    @Override
    public List<Sentiment> run(List<WindowLogits> items, RunScope scope) {
        return items.stream().map(this::sentiment).toList();
    }

    Sentiment sentiment(WindowLogits windows) {
        List<Double> scores = windows.mean().softmax();
        int best = 0;
        for (int i = 1; i < scores.size(); i++) {
            best = scores.get(i) > scores.get(best) ? i : best;
        }
        Sentiment sentiment = new Sentiment(Sentiment.Label.valueOf(labels.get(best)), scores.get(best));
        return sentiment.margin() < neutralBelow
                ? new Sentiment(Sentiment.Label.NEUTRAL, sentiment.score())
                : sentiment;
    }
}
