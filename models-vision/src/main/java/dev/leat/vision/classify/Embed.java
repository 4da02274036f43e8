package dev.leat.vision.classify;

import dev.leat.ModelRunException;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.vision.ImageEmbedding;
import java.util.List;

/**
 * The means of a classifier's last channels to a point of length 1.
 *
 * @param space names the vectors: the model and the digest of its files
 */
record Embed(String space) implements BatchStep<Classified, ImageEmbedding> {

    @Override
    public StepFacts facts() {
        return StepFacts.light("embed").asResult();
    }

    @Override
    public long weightBytes(ImageEmbedding value) {
        return 64 + 4L * value.dimension();
    }

    @Override
    public List<ImageEmbedding> run(List<Classified> items, RunScope scope) {
        return items.stream().map(item -> embedding(item.embedding())).toList();
    }

    private ImageEmbedding embedding(float[] means) {
        double square = 0;
        for (float each : means) {
            square += (double) each * each;
        }
        double length = Math.sqrt(square);
        if (!(length > 0) || Double.isInfinite(length)) {
            throw new ModelRunException("The model gave an embedding of length " + length, null);
        }
        float[] vector = new float[means.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (means[i] / length);
        }
        return ImageEmbedding.of(space, vector);
    }
}
