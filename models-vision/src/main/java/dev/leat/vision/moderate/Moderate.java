package dev.leat.vision.moderate;

import static java.util.Objects.requireNonNull;

import dev.leat.CancelledException;
import dev.leat.model.ModelFolder;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.vision.ImageModeration;
import dev.leat.vision.ModerationOptions;
import dev.leat.vision.image.Decoder;
import dev.leat.vision.image.Pixels;
import dev.leat.vision.image.Resample;
import dev.leat.vision.jpeg.Jpeg;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Pixels to a score of nudity: 256 x 256 bilinear, the centre 224 x 224, through JPEG of quality 75 and back, BGR minus
 * the mean, NHWC (open_nsfw's preprocessing; the JPEG step moves scores by up to 0.4 and belongs to the model).
 *
 * @param model the graph
 * @param options threshold and regions
 */
public record Moderate(ModelReference<OnnxModel> model, ModerationOptions options)
        implements BatchStep<Pixels, ImageModeration> {

    private static final String INPUT = "input:0";
    private static final String OUTPUT = "outputs";
    private static final int RESIZED = 256;
    private static final int SIDE = 224;
    private static final float JPEG_QUALITY = 0.75f;
    private static final float[] MEAN_BGR = {104, 117, 123};

    /** Scores below it are as good from a smaller decoding. */
    private static final double SURELY_LOW = 0.02;

    /** Pictures that are longer than this times their shorter side are looked at in squares. */
    private static final int LONG = 2;

    private static final int MAX_SQUARES = 16;

    /** Pictures whose shorter side has this many pixels are looked at in windows. */
    private static final int LARGE = 1024;

    /**
     * Describes the step of a folder.
     *
     * @param folder with the graph
     * @param options threshold and regions
     * @return the step
     */
    public static Moderate of(ModelFolder folder, ModerationOptions options) {
        return new Moderate(OnnxModel.reference(folder, OnnxOptions.standard()), options);
    }

    /**
     * Returns whether a score from a picture decoded smaller does not do.
     *
     * <p>The difference of a level or so that such a decoding makes moves scores in proportion: of 300 pictures those
     * below .02 by .006 at most, others by up to .08.
     *
     * @return true from .02 on, or from a fifth of the threshold if that is less; a record, so that equal stages are one
     *     node
     */
    public Predicate<ImageModeration> unsure() {
        return new From(Math.min(SURELY_LOW, options.threshold() / 5));
    }

    private record From(double score) implements Predicate<ImageModeration> {
        @Override
        public boolean test(ImageModeration seen) {
            return !(seen.score().orElse(1) < score);
        }
    }

    @Override
    public StepFacts facts() {
        return StepFacts.heavy("moderate", "items", model).asResult();
    }

    @Override
    public long weightBytes(ImageModeration value) {
        return 64;
    }

    @Override
    public List<ImageModeration> run(List<Pixels> items, RunScope scope) {
        List<ImageModeration> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            List<Window> windows = options.regions() ? windows(items.get(i)) : List.of(Window.whole(items.get(i)));
            double worst = 0;
            for (Window window : windows) {
                if (scope.isCancelled()) {
                    throw new CancelledException("A moderation was cancelled");
                }
                double score = score(window.of(items.get(i)), scope);
                worst = score > worst || Double.isNaN(score) ? score : worst;
            }
            if (options.regions()) {
                scope.note(i, "regions", windows.size());
            }
            all.add(ImageModeration.of(worst, options.threshold()));
        }
        return all;
    }

    private double score(Pixels picture, RunScope scope) {
        long start = System.nanoTime();
        Tensor input = tensor(prepared(picture));
        scope.spent(RunScope.Phase.PRE, System.nanoTime() - start);
        Tensor scores = scope.model(model)
                .run(Map.of(INPUT, input), Set.of(OUTPUT), scope)
                .get(OUTPUT);
        return requireNonNull(scores, OUTPUT).toFloats()[1];
    }

    /** A part of a picture. */
    record Window(int left, int top, int width, int height) {

        static Window whole(Pixels picture) {
            return new Window(0, 0, picture.width(), picture.height());
        }

        Pixels of(Pixels picture) {
            return width == picture.width() && height == picture.height()
                    ? picture
                    : picture.crop(left, top, width, height);
        }
    }

    /** The whole picture first; see {@link ModerationOptions.Builder#regions()}. */
    static List<Window> windows(Pixels picture) {
        int width = picture.width();
        int height = picture.height();
        int shorter = Math.min(width, height);
        int longer = Math.max(width, height);
        List<Window> windows = new ArrayList<>(List.of(Window.whole(picture)));
        if (longer > (long) LONG * shorter) {
            // Half of a square overlaps the next one, unless there would be too many.
            int squares = (int) Math.min(MAX_SQUARES, Math.ceil(2.0 * longer / shorter) - 1);
            for (int i = 0; i < squares; i++) {
                int at = (int) ((long) (longer - shorter) * i / (squares - 1));
                windows.add(new Window(width > height ? at : 0, width > height ? 0 : at, shorter, shorter));
            }
        } else if (shorter >= LARGE) {
            for (int row = 0; row < 3; row++) {
                for (int column = 0; column < 3; column++) {
                    windows.add(new Window(width / 4 * column, height / 4 * row, width / 2, height / 2));
                }
            }
        }
        return windows;
    }

    /** What the graph sees, 8 bits a sample. */
    static Pixels prepared(Pixels picture) {
        int edge = (RESIZED - SIDE) / 2;
        Pixels square = Resample.BILINEAR.resize(picture, RESIZED, RESIZED).crop(edge, edge, SIDE, SIDE);
        Jpeg decoded = Jpeg.decode(jpeg(square), 1, () -> false);
        return new Pixels(decoded.width(), decoded.height(), decoded.rgb());
    }

    private static byte[] jpeg(Pixels picture) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        int[] packed = new int[SIDE * SIDE];
        byte[] rgb = picture.rgb();
        for (int i = 0; i < packed.length; i++) {
            packed[i] = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | rgb[3 * i + 2] & 0xff;
        }
        image.getRaster().setDataElements(0, 0, SIDE, SIDE, packed);
        ImageWriter writer = Decoder.jpegWriter();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(JPEG_QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static Tensor tensor(Pixels square) {
        byte[] rgb = square.rgb();
        float[] values = new float[rgb.length];
        for (int i = 0; i < rgb.length; i += 3) {
            for (int c = 0; c < 3; c++) {
                values[i + c] = (rgb[i + 2 - c] & 0xff) - MEAN_BGR[c];
            }
        }
        return Tensor.ofFloats(values, 1, SIDE, SIDE, 3);
    }
}
