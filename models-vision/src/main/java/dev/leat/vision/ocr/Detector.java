package dev.leat.vision.ocr;

import static java.util.Objects.requireNonNull;

import dev.leat.model.ModelFolder;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.vision.image.Pixels;
import dev.leat.vision.image.Resample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds lines of text: BGR, {@code (value / 255 - 0.5) / 0.5}, sides multiples of 32, the longer one at most
 * {@code maxSide}; a picture of small letters is looked at again, enlarged.
 *
 * <p>The reference (RapidOCR) enlarges the shorter side to 736 whatever is in the picture.
 *
 * @param model the graph
 * @param maxSide pixels of the longer side
 * @param boxes from probabilities to boxes
 */
record Detector(ModelReference<OnnxModel> model, int maxSide, Boxes boxes) {

    private static final String INPUT = "x";
    private static final String OUTPUT = "sigmoid_0.tmp_0";
    private static final int MULTIPLE = 32;

    /** A picture flatter or lower than this gets black rows above and below, or its text would not be found. */
    private static final int MAX_ASPECT = 8;

    private static final int MIN_HEIGHT = 30;

    /** Boxes of this height, in pixels that the detector sees, are of letters of 8: too small to be told apart. */
    private static final double SMALL = 16;

    /** Small text is looked for again in a picture enlarged so much at most. */
    private static final double MAX_ENLARGED = 2;

    static Detector of(ModelFolder folder, int maxSide) {
        var parameters = folder.descriptor().parameters();
        return new Detector(
                // Each layout of threads has a session, and each session would keep 255 MiB.
                OnnxModel.reference(
                        folder, OnnxOptions.standard().memoryPattern(false).arena(OnnxOptions.Arena.SHRINK)),
                maxSide,
                new Boxes(
                        parameters.number("threshold"),
                        parameters.number("boxThreshold"),
                        parameters.number("unclipRatio"),
                        parameters.integer("maxCandidates"),
                        parameters.integer("minSide")));
    }

    /** Returns boxes in the picture's pixels, from top to bottom. */
    List<Quad> detect(Pixels picture, RunScope scope) {
        boolean flat = picture.height() <= MIN_HEIGHT || picture.width() > MAX_ASPECT * picture.height();
        int rows = flat ? Math.abs(Math.max(picture.width() / MAX_ASPECT, MIN_HEIGHT) * 2 - picture.height()) / 2 : 0;
        int longer = Math.max(picture.width(), picture.height() + 2 * rows);
        double ratio = Math.min(1, (double) maxSide / longer);
        List<Quad> found = detect(picture, rows, ratio, scope);
        double larger = Math.min(MAX_ENLARGED, (double) maxSide / longer);
        double[] heights = found.stream()
                .mapToDouble(quad -> ratio * Math.min(quad.width(), quad.height()))
                .sorted()
                .toArray();
        if (larger > 1.2 * ratio && heights.length > 0 && heights[heights.length / 2] < SMALL) {
            found = detect(picture, rows, larger, scope);
        }
        return found;
    }

    private List<Quad> detect(Pixels picture, int rows, double ratio, RunScope scope) {
        long start = System.nanoTime();
        int width = multiple(picture.width() * ratio);
        int height = multiple((picture.height() + 2 * rows) * ratio);
        // Black above and below a flat picture is added at the detector's scale.
        int band = (int) Math.rint(rows * ratio);
        Pixels seen = Resample.BILINEAR.resize(picture, width, Math.max(1, height - 2 * band));
        Tensor input = Recogniser.tensor(band == 0 ? seen : Warp.letterboxed(seen, band), width);
        scope.spent(RunScope.Phase.PRE, System.nanoTime() - start);
        Tensor map = scope.model(model)
                .run(Map.of(INPUT, input), Set.of(OUTPUT), scope)
                .get(OUTPUT);
        start = System.nanoTime();
        List<Quad> found = new ArrayList<>();
        double scaleX = (double) picture.width() / width;
        double scaleY = (double) picture.height() / Math.max(1, height - 2 * band);
        for (Quad quad : boxes.of(requireNonNull(map, OUTPUT).toFloats(), width, height)) {
            Quad mapped = quad.mapped(scaleX, scaleY, 0, -band * scaleY, picture.width(), picture.height());
            if ((int) mapped.side(0, 1) > boxes.minSide() && (int) mapped.side(0, 3) > boxes.minSide()) {
                found.add(mapped);
            }
        }
        found.sort(Comparator.comparingDouble((Quad q) -> q.y()[0]).thenComparingDouble(q -> q.x()[0]));
        scope.spent(RunScope.Phase.POST, System.nanoTime() - start);
        return found;
    }

    private static int multiple(double side) {
        return Math.max(MULTIPLE, (int) Math.rint((int) side / (double) MULTIPLE) * MULTIPLE);
    }
}
