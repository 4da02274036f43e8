package dev.leat.text.encode;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Embedding;
import java.util.List;

/**
 * States to an embedding.
 *
 * @param space of the encoder
 */
public record Pool(String space) implements BatchStep<EncodedText, Embedding> {

    private static final int OBJECT_BYTES = 64;

    @Override
    public StepFacts facts() {
        return StepFacts.light("pool").asResult();
    }

    @Override
    public long weightBytes(Embedding value) {
        return weight(value);
    }

    static long weight(Embedding value) {
        return (long) value.dimension() * Float.BYTES + OBJECT_BYTES;
    }

    @Override
    public List<Embedding> run(List<EncodedText> items, RunScope scope) {
        return items.stream()
                .map(text -> Embedding.of(space, Encoder.pool(text)))
                .toList();
    }
}
