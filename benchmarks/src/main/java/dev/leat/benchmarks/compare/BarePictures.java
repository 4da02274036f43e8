package dev.leat.benchmarks.compare;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.leat.benchmarks.worker.Worker;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * What a user would write over ImageIO and ONNX Runtime for Leat's own two models: each decodes the picture, halves it
 * until it is near its size, as Java 2D's makers advise, and runs.
 */
final class BarePictures extends PictureContestant {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession classifier = open("efficientnet-lite0/model.onnx");
    private final OrtSession moderator = open("open-nsfw/model.onnx");

    private BarePictures() {}

    /**
     * Serves.
     *
     * @param arguments none
     * @throws IOException if the orders cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        ImageIO.setUseCache(false);
        Worker.serve(BarePictures::new);
    }

    private OrtSession open(String file) {
        try (OrtSession.SessionOptions options = BareContestant.options()) {
            return environment.createSession(BareContestant.bundled(file), options);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void analyse(byte[] file) {
        BufferedImage forClasses = decoded(file);
        int side = (int) (0.875 * Math.min(forClasses.getWidth(), forClasses.getHeight()));
        int[] square = resized(cropped(forClasses, side), 224);
        FloatBuffer planes = FloatBuffer.allocate(3 * 224 * 224);
        for (int shift = 16; shift >= 0; shift -= 8) {
            for (int pixel : square) {
                planes.put(((pixel >> shift & 0xff) - 127f) / 128f);
            }
        }
        run(classifier, "input", planes.flip(), 1, 3, 224, 224);
        BufferedImage forModeration = decoded(file);
        int[] whole = resized(forModeration, 256);
        FloatBuffer pixels = FloatBuffer.allocate(224 * 224 * 3);
        for (int y = 16; y < 240; y++) {
            for (int x = 16; x < 240; x++) {
                int pixel = whole[y * 256 + x];
                pixels.put((pixel & 0xff) - 104f)
                        .put((pixel >> 8 & 0xff) - 117f)
                        .put((pixel >> 16 & 0xff) - 123f);
            }
        }
        run(moderator, "input:0", pixels.flip(), 1, 224, 224, 3);
    }

    private static BufferedImage decoded(byte[] file) {
        try {
            return ImageIO.read(new ByteArrayInputStream(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BufferedImage cropped(BufferedImage picture, int side) {
        return picture.getSubimage((picture.getWidth() - side) / 2, (picture.getHeight() - side) / 2, side, side);
    }

    private static int[] resized(BufferedImage picture, int size) {
        BufferedImage now = picture;
        while (now.getWidth() > 2 * size && now.getHeight() > 2 * size) {
            now = drawn(now, now.getWidth() / 2, now.getHeight() / 2);
        }
        return drawn(now, size, size).getRGB(0, 0, size, size, null, 0, size);
    }

    private static BufferedImage drawn(BufferedImage picture, int width, int height) {
        BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = smaller.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, width, height, null);
        graphics.dispose();
        return smaller;
    }

    private void run(OrtSession session, String input, FloatBuffer values, long... shape) {
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, values, shape);
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            if (!((OnnxTensor) result.get(0)).getFloatBuffer().hasRemaining()) {
                throw new IllegalStateException("no scores");
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            classifier.close();
            moderator.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
