package dev.leat.vision.image;

/**
 * Pillow's resizing in plain floating point, which the fast one is compared with: each sample is a weighted mean over
 * pixels of its row or column, rounded to a level after each of the two passes. Shares nothing with {@link Resample} but
 * the names of the filters.
 */
final class PlainResample {

    private final Resample filter;

    PlainResample(Resample filter) {
        this.filter = filter;
    }

    Pixels resize(Pixels source, int width, int height) {
        int[][] rows = rows(source);
        boolean downFirst = source.height() - height > 2 * Math.max(0, source.width() - width)
                && source.width() != width
                && source.height() != height;
        int[][] resized = downFirst
                ? across(down(rows, height), width, source.width())
                : down(across(rows, width, source.width()), height);
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < 3 * width; i++) {
                rgb[3 * width * y + i] = (byte) resized[y][i];
            }
        }
        return new Pixels(width, height, rgb);
    }

    private static int[][] rows(Pixels source) {
        int[][] rows = new int[source.height()][3 * source.width()];
        for (int i = 0; i < source.rgb().length; i++) {
            rows[i / (3 * source.width())][i % (3 * source.width())] = source.rgb()[i] & 0xff;
        }
        return rows;
    }

    private int[][] across(int[][] rows, int width, int from) {
        if (width == from) {
            return rows;
        }
        int[][] result = new int[rows.length][3 * width];
        for (int y = 0; y < rows.length; y++) {
            for (int i = 0; i < 3 * width; i++) {
                int[] samples = new int[from];
                for (int x = 0; x < from; x++) {
                    samples[x] = rows[y][3 * x + i % 3];
                }
                result[y][i] = level(samples, i / 3, width);
            }
        }
        return result;
    }

    private int[][] down(int[][] rows, int height) {
        if (height == rows.length) {
            return rows;
        }
        int[][] result = new int[height][rows[0].length];
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < result[y].length; i++) {
                int[] samples = new int[rows.length];
                for (int row = 0; row < rows.length; row++) {
                    samples[row] = rows[row][i];
                }
                result[y][i] = level(samples, y, height);
            }
        }
        return result;
    }

    /** The filter lies over the middle of the target and is as much wider as the picture shrinks. */
    private int level(int[] samples, int target, int targets) {
        double scale = (double) samples.length / targets;
        double wider = Math.max(1, scale);
        double middle = (target + 0.5) * scale;
        // Bounds and order of terms are Pillow's: a pixel on the very edge of BOX is in or out by the last bit.
        int first = Math.max(0, (int) (middle - support() * wider + 0.5));
        int end = Math.min(samples.length, (int) (middle + support() * wider + 0.5));
        double sum = 0;
        double weights = 0;
        for (int i = first; i < end; i++) {
            double weight = weight((i - middle + 0.5) / wider);
            sum += weight * samples[i];
            weights += weight;
        }
        return (int) Math.min(255, Math.max(0, Math.floor(sum / weights + 0.5)));
    }

    private double support() {
        return switch (filter) {
            case BOX -> 0.5;
            case BILINEAR -> 1;
            case BICUBIC -> 2;
            case LANCZOS -> 3;
        };
    }

    private double weight(double x) {
        double d = Math.abs(x);
        return switch (filter) {
            case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
            case BILINEAR -> Math.max(0, 1 - d);
            case BICUBIC -> // Keys (1981), a = -1/2
                d < 1 ? 1.5 * d * d * d - 2.5 * d * d + 1 : d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2 : 0;
            case LANCZOS -> d < 3 ? sinc(d) * sinc(d / 3) : 0;
        };
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }
}
