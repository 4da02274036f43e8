package dev.leat.vision.ocr;

import dev.leat.vision.image.Pixels;

/** OpenCV's geometry for pictures of 8 bits, in floating point: results differ from it by at most a level. */
final class Warp {

    /** Keys' parameter of OpenCV's INTER_CUBIC. */
    private static final double A = -0.75;

    private Warp() {}

    /** Cuts out a quad as an upright rectangle: perspective, bicubic, edges repeated. */
    static Pixels crop(Pixels source, Quad quad, int width, int height) {
        double[] h = projection(quad, width, height);
        byte[] from = source.rgb();
        byte[] to = new byte[3 * width * height];
        double[] wx = new double[4];
        double[] wy = new double[4];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double d = h[6] * x + h[7] * y + 1;
                double sx = (h[0] * x + h[1] * y + h[2]) / d;
                double sy = (h[3] * x + h[4] * y + h[5]) / d;
                int x0 = (int) Math.floor(sx);
                int y0 = (int) Math.floor(sy);
                weights(sx - x0, wx);
                weights(sy - y0, wy);
                double r = 0;
                double g = 0;
                double b = 0;
                for (int j = 0; j < 4; j++) {
                    int row = Math.min(Math.max(y0 - 1 + j, 0), source.height() - 1) * source.width();
                    for (int i = 0; i < 4; i++) {
                        int at = 3 * (row + Math.min(Math.max(x0 - 1 + i, 0), source.width() - 1));
                        double weight = wx[i] * wy[j];
                        r += weight * (from[at] & 0xff);
                        g += weight * (from[at + 1] & 0xff);
                        b += weight * (from[at + 2] & 0xff);
                    }
                }
                int at = 3 * (y * width + x);
                to[at] = level(r);
                to[at + 1] = level(g);
                to[at + 2] = level(b);
            }
        }
        return new Pixels(width, height, to);
    }

    private static byte level(double value) {
        return (byte) Math.min(Math.max(Math.round(value), 0), 255);
    }

    private static void weights(double t, double[] w) {
        w[0] = ((A * (t + 1) - 5 * A) * (t + 1) + 8 * A) * (t + 1) - 4 * A;
        w[1] = ((A + 2) * t - (A + 3)) * t * t + 1;
        w[2] = ((A + 2) * (1 - t) - (A + 3)) * (1 - t) * (1 - t) + 1;
        w[3] = 1 - w[0] - w[1] - w[2];
    }

    /** From the rectangle (0, 0) to (width, height) to the quad (Heckbert, "Fundamentals of Texture Mapping", 1989). */
    private static double[] projection(Quad quad, int width, int height) {
        double[] x = quad.x();
        double[] y = quad.y();
        double dx1 = x[1] - x[2];
        double dx2 = x[3] - x[2];
        double dx3 = x[0] - x[1] + x[2] - x[3];
        double dy1 = y[1] - y[2];
        double dy2 = y[3] - y[2];
        double dy3 = y[0] - y[1] + y[2] - y[3];
        double det = dx1 * dy2 - dx2 * dy1;
        double g = det == 0 ? 0 : (dx3 * dy2 - dx2 * dy3) / det;
        double i = det == 0 ? 0 : (dx1 * dy3 - dx3 * dy1) / det;
        return new double[] {
            (x[1] - x[0] + g * x[1]) / width,
            (x[3] - x[0] + i * x[3]) / height,
            x[0],
            (y[1] - y[0] + g * y[1]) / width,
            (y[3] - y[0] + i * y[3]) / height,
            y[0],
            g / width,
            i / height
        };
    }

    /** Turns a picture by 90 degrees against the clock. */
    static Pixels turned(Pixels source) {
        int width = source.height();
        int height = source.width();
        byte[] from = source.rgb();
        byte[] to = new byte[from.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = 3 * (x * source.width() + source.width() - 1 - y);
                System.arraycopy(from, at, to, 3 * (y * width + x), 3);
            }
        }
        return new Pixels(width, height, to);
    }

    /** Adds black rows above and below. */
    static Pixels letterboxed(Pixels source, int rows) {
        int stride = 3 * source.width();
        byte[] to = new byte[stride * (source.height() + 2 * rows)];
        System.arraycopy(source.rgb(), 0, to, rows * stride, source.rgb().length);
        return new Pixels(source.width(), source.height() + 2 * rows, to);
    }
}
