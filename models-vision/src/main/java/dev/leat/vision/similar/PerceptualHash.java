package dev.leat.vision.similar;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.vision.ImageHash;
import dev.leat.vision.image.Pixels;
import dev.leat.vision.image.Resample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pixels to 64 bits, as the function {@code phash} of the Python package ImageHash: grey (ITU-R 601-2), 32 x 32 (Lanczos),
 * two passes of the cosine transform of type 2, the 8 x 8 lowest frequencies, each compared with their median.
 */
public record PerceptualHash() implements BatchStep<Pixels, ImageHash> {

    private static final int SIDE = 32;
    private static final int KEPT = 8;

    /** What rounding leaves of a coefficient that is zero: else a picture of one colour would have a hash by chance. */
    private static final double NOISE = 1e-6;

    private static final double[] COSINES = new double[KEPT * SIDE];

    static {
        for (int u = 0; u < KEPT; u++) {
            for (int x = 0; x < SIDE; x++) {
                COSINES[u * SIDE + x] = 2 * Math.cos(Math.PI * u * (2 * x + 1) / (2 * SIDE));
            }
        }
    }

    @Override
    public StepFacts facts() {
        return StepFacts.heavy("hash", "items").asResult();
    }

    @Override
    public long weightBytes(ImageHash value) {
        return 32;
    }

    @Override
    public List<ImageHash> run(List<Pixels> items, RunScope scope) {
        List<ImageHash> all = new ArrayList<>();
        for (Pixels item : items) {
            long start = System.nanoTime();
            all.add(hash(item));
            scope.spent(RunScope.Phase.PRE, System.nanoTime() - start);
        }
        return all;
    }

    static ImageHash hash(Pixels picture) {
        byte[] small = Resample.LANCZOS.resize(grey(picture), SIDE, SIDE).rgb();
        double[] down = new double[KEPT * SIDE];
        for (int v = 0; v < KEPT; v++) {
            for (int x = 0; x < SIDE; x++) {
                double sum = 0;
                for (int y = 0; y < SIDE; y++) {
                    sum += COSINES[v * SIDE + y] * (small[3 * (y * SIDE + x)] & 0xff);
                }
                down[v * SIDE + x] = sum;
            }
        }
        double[] low = new double[KEPT * KEPT];
        for (int v = 0; v < KEPT; v++) {
            for (int u = 0; u < KEPT; u++) {
                double sum = 0;
                for (int x = 0; x < SIDE; x++) {
                    sum += COSINES[u * SIDE + x] * down[v * SIDE + x];
                }
                low[v * KEPT + u] = Math.abs(sum) < NOISE ? 0 : sum;
            }
        }
        double[] sorted = low.clone();
        Arrays.sort(sorted);
        double median = (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
        long bits = 0;
        for (double each : low) {
            bits = bits << 1 | (each > median ? 1 : 0);
        }
        return new ImageHash(bits);
    }

    /** As Pillow's conversion to {@code L}, in all three channels. */
    private static Pixels grey(Pixels picture) {
        byte[] rgb = picture.rgb();
        byte[] grey = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i += 3) {
            int sum = 19595 * (rgb[i] & 0xff) + 38470 * (rgb[i + 1] & 0xff) + 7471 * (rgb[i + 2] & 0xff);
            byte value = (byte) (sum + 0x8000 >> 16);
            grey[i] = value;
            grey[i + 1] = value;
            grey[i + 2] = value;
        }
        return new Pixels(picture.width(), picture.height(), grey);
    }
}
