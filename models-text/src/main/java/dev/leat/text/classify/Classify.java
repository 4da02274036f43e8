package dev.leat.text.classify;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Classification;
import dev.leat.text.Classifier;
import dev.leat.text.Embedding;
import java.util.List;

/**
 * An embedding to its labels.
 *
 * @param classifier over embeddings of the same space
 */
public record Classify(Classifier classifier) implements BatchStep<Embedding, Classification> {

    @Override
    public StepFacts facts() {
        return StepFacts.light("classify").asResult();
    }

    @Override
    public long weightBytes(Classification value) {
        return 64 + 64L * value.scores().size();
    }

    @Override
    public List<Classification> run(List<Embedding> items, RunScope scope) {
        return items.stream().map(classifier::classify).toList();
    }
}
