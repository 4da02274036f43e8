package dev.leat.vision.ocr;

import static java.util.Objects.requireNonNull;

import dev.leat.model.ModelFolder;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.vision.image.Pixels;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a line: 48 pixels high and as wide as it is, alone, so that no line depends on others.
 *
 * <p>Decodes as CTC does: the likeliest class of each step, repeats merged, blanks dropped. The model loses spaces, so a
 * blank step at which a space is likelier than {@code spaceThreshold} counts as one; the score is the mean over the steps
 * that were kept without that.
 *
 * @param model the graph, with the likeliest class, its probability and the space's for each step
 * @param characters by class; the first is the blank, the last the space
 * @param maxWidth pixels; a line that would be wider is squeezed
 * @param spaceThreshold a probability
 * @param textThreshold lines of a lower score are dropped
 */
record Recogniser(
        ModelReference<OnnxModel> model,
        List<String> characters,
        int maxWidth,
        double spaceThreshold,
        double textThreshold) {

    private static final String INPUT = "x";
    private static final int HEIGHT = 48;
    private static final int MULTIPLE = 8;

    Recogniser {
        characters = List.copyOf(characters);
    }

    static Recogniser of(ModelFolder folder) {
        var parameters = folder.descriptor().parameters();
        return new Recogniser(
                OnnxModel.reference(folder, OnnxOptions.standard()),
                folder.text(parameters.text("characters")).lines().toList(),
                parameters.integer("maxWidth"),
                parameters.number("spaceThreshold"),
                parameters.number("textThreshold"));
    }

    /** What a line says. */
    record Reading(String text, double score) {}

    Reading read(Pixels line, RunScope scope) {
        long start = System.nanoTime();
        int width = (int) Math.ceil((double) HEIGHT * line.width() / line.height());
        width = Math.min(maxWidth, Math.max(MULTIPLE, width));
        int canvas = (width + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
        Tensor input = tensor(Warp.resize(line, width, HEIGHT), canvas);
        scope.spent(RunScope.Phase.PRE, System.nanoTime() - start);
        Map<String, Tensor> outputs =
                scope.model(model).run(Map.of(INPUT, input), Set.of("idx", "prob", "space"), scope);
        return decode(
                requireNonNull(outputs.get("idx")).toLongs(),
                requireNonNull(outputs.get("prob")).toFloats(),
                requireNonNull(outputs.get("space")).toFloats());
    }

    Reading decode(long[] classes, float[] probabilities, float[] spaces) {
        int space = characters.size() - 1;
        StringBuilder text = new StringBuilder();
        double sum = 0;
        int kept = 0;
        long before = 0;
        long bare = 0;
        for (int t = 0; t < classes.length; t++) {
            if (classes[t] != 0 && classes[t] != bare) {
                sum += probabilities[t];
                kept++;
            }
            bare = classes[t];
            long found = classes[t] == 0 && spaces[t] > spaceThreshold ? space : classes[t];
            if (found != 0 && found != before) {
                text.append(characters.get((int) found));
            }
            before = found;
        }
        return new Reading(text.toString().strip(), kept == 0 ? 0 : sum / kept);
    }

    boolean isText(Reading reading) {
        return reading.score >= textThreshold && !reading.text.isEmpty();
    }

    /** BGR in planes, -1 to 1, grey to the right of the picture up to the canvas. */
    static Tensor tensor(Pixels picture, int canvas) {
        int height = picture.height();
        int plane = canvas * height;
        float[] values = new float[3 * plane];
        byte[] rgb = picture.rgb();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < picture.width(); x++) {
                int at = 3 * (y * picture.width() + x);
                for (int c = 0; c < 3; c++) {
                    values[c * plane + y * canvas + x] = ((rgb[at + 2 - c] & 0xff) / 255f - 0.5f) / 0.5f;
                }
            }
        }
        return Tensor.ofFloats(values, 1, 3, height, canvas);
    }
}
