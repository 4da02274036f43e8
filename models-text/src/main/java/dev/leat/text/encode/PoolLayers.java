package dev.leat.text.encode;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Embedding;
import java.util.List;

/**
 * States to an embedding for telling topics apart: the first token's states of the last three layers and the mean state
 * of the last layer but one, each of length 1. The last layer alone was trained to tell single texts apart and knows
 * less of what they have in common (docs/quality.md). Of an encoder that gives no states of layers it is the embedding.
 *
 * @param encoder of the texts
 */
public record PoolLayers(Encoder encoder) implements BatchStep<EncodedText, Embedding> {

    @Override
    public StepFacts facts() {
        return StepFacts.light("pool layers").asResult();
    }

    @Override
    public long weightBytes(Embedding value) {
        return Pool.weight(value);
    }

    @Override
    public List<Embedding> run(List<EncodedText> items, RunScope scope) {
        return items.stream().map(this::pool).toList();
    }

    /**
     * Returns what the embeddings are called.
     *
     * @return a space of their own, or that of the encoder's embeddings
     */
    public String space() {
        return encoder.featuresSize() == 0 ? encoder.space() : encoder.space() + "+layers";
    }

    /**
     * Pools one text.
     *
     * @param text its states
     * @return of length 1, with four times as many coordinates as a state, or as many; windows are averaged by their tokens
     */
    public Embedding pool(EncodedText text) {
        if (encoder.featuresSize() == 0) {
            return Embedding.of(space(), Encoder.pool(text));
        }
        int size = encoder.dimension();
        List<EncodedText.Window> windows = text.windows();
        int layers = (encoder.featuresSize() / size - 1) / 2;
        List<Integer> blocks = List.of(layers - 2, layers - 1, layers, 2 * layers);
        double[] sum = new double[blocks.size() * size];
        double[] shares = text.shares();
        for (int w = 0; w < shares.length; w++) {
            float[] features = windows.get(w).features();
            for (int b = 0; b < blocks.size(); b++) {
                int from = blocks.get(b) * size;
                double length = length(features, from, size);
                for (int i = 0; i < size && length > 0; i++) {
                    sum[b * size + i] += shares[w] * features[from + i] / length;
                }
            }
        }
        return Embedding.of(space(), Encoder.normalised(sum));
    }

    private static double length(float[] values, int from, int size) {
        double square = 0;
        for (int i = from; i < from + size; i++) {
            square += (double) values[i] * values[i];
        }
        return Math.sqrt(square);
    }
}
