package dev.leat.vision.classify;

import static java.util.Objects.requireNonNull;

import dev.leat.ModelLoadException;
import dev.leat.model.Dimension;
import dev.leat.model.ModelFolder;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.vision.ImageClassification;
import dev.leat.vision.ImageLabel;
import dev.leat.vision.image.Pixels;
import dev.leat.vision.image.Resample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Pixels to the likeliest classes: the centre square of {@code size / (size + 32)} of the shorter side, resized bicubic,
 * {@code (value - mean) / scale}, RGB, NCHW (EfficientNet-Lite's preprocessing; crop then resize, as Pillow's box does).
 *
 * @param model the graph
 * @param labels in the order of the logits
 * @param size of the graph's input, pixels a side
 * @param mean subtracted from each sample
 * @param scale each sample is divided by
 * @param topK how many labels to give
 */
public record Classify(
        ModelReference<OnnxModel> model, List<String> labels, int size, double mean, double scale, int topK)
        implements BatchStep<Pixels, ImageClassification> {

    private static final String INPUT = "input";
    private static final String LOGITS = "logits";
    private static final int MARGIN = 32;

    /** Copies the labels. */
    public Classify {
        labels = List.copyOf(labels);
        if (topK < 1 || topK > labels.size()) {
            throw new IllegalArgumentException("topK must be between 1 and " + labels.size() + ", was " + topK);
        }
    }

    /**
     * Describes the step of a folder.
     *
     * @param folder with a graph and a list of labels
     * @param topK how many labels to give
     * @return the step
     */
    public static Classify of(ModelFolder folder, int topK) {
        var parameters = folder.descriptor().parameters();
        List<String> labels = folder.text(parameters.text("labels")).lines().toList();
        boolean fits = folder.descriptor().signature(folder.descriptor().graph()).outputs().stream()
                .filter(output -> output.name().equals(LOGITS))
                .anyMatch(output -> output.shape().get(1).equals(new Dimension.Fixed(labels.size())));
        if (!fits) {
            throw new ModelLoadException(
                    folder.id(),
                    "Model '" + folder.id() + "': " + parameters.text("labels") + " has " + labels.size()
                            + " labels, and model.json states another number of logits. Make them agree.");
        }
        return new Classify(
                OnnxModel.reference(folder, OnnxOptions.standard()),
                labels,
                parameters.integer("size"),
                parameters.number("mean"),
                parameters.number("scale"),
                topK);
    }

    @Override
    public StepFacts facts() {
        return StepFacts.heavy("classify", "items", model).asResult();
    }

    @Override
    public long weightBytes(ImageClassification value) {
        return 64 + 96L * value.labels().size();
    }

    @Override
    public List<ImageClassification> run(List<Pixels> items, RunScope scope) {
        List<ImageClassification> all = new ArrayList<>();
        for (Pixels item : items) {
            long start = System.nanoTime();
            Tensor input = tensor(prepared(item));
            scope.spent(RunScope.Phase.PRE, System.nanoTime() - start);
            Tensor logits = scope.model(model)
                    .run(Map.of(INPUT, input), Set.of(LOGITS), scope)
                    .get(LOGITS);
            all.add(best(requireNonNull(logits, LOGITS).toFloats()));
        }
        return all;
    }

    /** The square that the graph sees, 8 bits a sample. */
    Pixels prepared(Pixels picture) {
        int shorter = Math.min(picture.width(), picture.height());
        int side = Math.max(1, (int) Math.rint((double) size / (size + MARGIN) * shorter));
        Pixels square = picture.crop((picture.width() - side) / 2, (picture.height() - side) / 2, side, side);
        return Resample.BICUBIC.resize(square, size, size);
    }

    private Tensor tensor(Pixels square) {
        byte[] rgb = square.rgb();
        int plane = size * size;
        float[] values = new float[3 * plane];
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < 3; c++) {
                values[c * plane + i] = (float) (((rgb[3 * i + c] & 0xff) - mean) / scale);
            }
        }
        return Tensor.ofFloats(values, 1, 3, size, size);
    }

    private ImageClassification best(float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double[] powers = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            powers[i] = Math.exp(logits[i] - max);
            sum += powers[i];
        }
        double all = sum;
        return new ImageClassification(IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -powers[i]).thenComparing(i -> i))
                .limit(topK)
                .map(i -> new ImageLabel(i, labels.get(i), powers[i] / all))
                .toList());
    }
}
