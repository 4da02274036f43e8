package dev.leat.vision.moderate;

import static java.util.Objects.requireNonNull;

import dev.leat.model.ModelFolder;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.vision.ImageModeration;
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
import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Pixels to a score of nudity: 256 x 256 bilinear, the centre 224 x 224, through JPEG of quality 75 and back, BGR minus
 * the mean, NHWC (open_nsfw's preprocessing; the JPEG step moves scores by up to 0.4 and belongs to the model).
 *
 * @param model the graph
 * @param threshold flagged from this score on
 */
public record Moderate(ModelReference<OnnxModel> model, double threshold)
        implements BatchStep<Pixels, ImageModeration> {

    private static final String INPUT = "input:0";
    private static final String OUTPUT = "outputs";
    private static final int RESIZED = 256;
    private static final int SIDE = 224;
    private static final float JPEG_QUALITY = 0.75f;
    private static final float[] MEAN_BGR = {104, 117, 123};

    /**
     * Describes the step of a folder.
     *
     * @param folder with the graph
     * @return the step
     */
    public static Moderate of(ModelFolder folder) {
        return new Moderate(
                OnnxModel.reference(folder, OnnxOptions.standard()),
                folder.descriptor().parameters().number("threshold"));
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
        for (Pixels item : items) {
            long start = System.nanoTime();
            Tensor input = tensor(prepared(item));
            scope.spent(RunScope.Phase.PRE, System.nanoTime() - start);
            Tensor scores = scope.model(model)
                    .run(Map.of(INPUT, input), Set.of(OUTPUT), scope)
                    .get(OUTPUT);
            all.add(ImageModeration.of(requireNonNull(scores, OUTPUT).toFloats()[1], threshold));
        }
        return all;
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
