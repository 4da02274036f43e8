package dev.leat.text.encode;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Embedding;
import java.util.List;

/**
 * An embedding to its first coordinates.
 *
 * @param dimension how many
 */
public record Cut(int dimension) implements BatchStep<Embedding, Embedding> {

    @Override
    public StepFacts facts() {
        return StepFacts.light("cut").asResult();
    }

    @Override
    public long weightBytes(Embedding value) {
        return Pool.weight(value);
    }

    @Override
    public List<Embedding> run(List<Embedding> items, RunScope scope) {
        return items.stream().map(item -> item.cut(dimension)).toList();
    }
}
