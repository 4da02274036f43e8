package dev.leat.vision.jpeg;

import java.util.List;

/**
 * From the planes of a frame to red, green and blue: stretches chroma as libjpeg-turbo does (jdsample.c, "fancy
 * upsampling": the triangle filter) and converts colours (jdcolor.c; four colours as in Pillow's Convert.c).
 */
final class Output {

    /** What the colours are. */
    enum Colors {
        /** One. */
        GREY,
        /** Luma and two of chroma. */
        YCC,
        /** As wanted. */
        RGB,
        /** Inks, inverted as Adobe does. */
        CMYK,
        /** The same, their first three as luma and chroma. */
        YCCK
    }

    private final Frame frame;
    private final Colors colors;

    /** A row of each colour, stretched. */
    private final byte[][] rows;

    /** Where the row begins in {@link #rows}. */
    private final int[] starts;

    private final int[] sums;

    Output(Frame frame, Colors colors) {
        this.frame = frame;
        this.colors = colors;
        List<Component> components = frame.components();
        int width = frame.outputWidth();
        rows = new byte[components.size()][];
        starts = new int[components.size()];
        sums = new int[width + 2];
        for (int i = 0; i < rows.length; i++) {
            Component c = components.get(i);
            boolean own = frame.stretchH(c) > 1 || frame.stretchV(c) > 1;
            rows[i] = own ? new byte[c.width * frame.stretchH(c)] : c.plane;
        }
    }

    Jpeg picture(int warnings) {
        int width = frame.outputWidth();
        int height = frame.outputHeight();
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < rows.length; i++) {
                starts[i] = row(frame.components().get(i), y, rows[i]);
            }
            int at = 3 * y * width;
            switch (colors) {
                case GREY -> grey(rgb, at, width);
                case RGB -> copied(rgb, at, width);
                case YCC -> converted(rgb, at, width);
                case CMYK -> {
                    copied(rgb, at, width);
                    for (int i = at; i < at + 3 * width; i++) {
                        rgb[i] = (byte) ~rgb[i];
                    }
                    printed(rgb, at, width);
                }
                case YCCK -> {
                    converted(rgb, at, width);
                    printed(rgb, at, width);
                }
            }
        }
        return new Jpeg(width, height, rgb, warnings);
    }

    private void grey(byte[] rgb, int at, int width) {
        byte[] from = rows[0];
        int start = starts[0];
        for (int x = 0; x < width; x++) {
            byte value = from[start + x];
            rgb[at++] = value;
            rgb[at++] = value;
            rgb[at++] = value;
        }
    }

    private void copied(byte[] rgb, int at, int width) {
        for (int x = 0; x < width; x++) {
            rgb[at++] = rows[0][starts[0] + x];
            rgb[at++] = rows[1][starts[1] + x];
            rgb[at++] = rows[2][starts[2] + x];
        }
    }

    /** ITU-R BT.601 in fixed point of 16 bits, full range. */
    private void converted(byte[] rgb, int at, int width) {
        byte[] luma = rows[0];
        byte[] blue = rows[1];
        byte[] red = rows[2];
        int l = starts[0];
        int b = starts[1];
        int r = starts[2];
        for (int x = 0; x < width; x++) {
            int y = luma[l + x] & 0xff;
            int cb = (blue[b + x] & 0xff) - 128;
            int cr = (red[r + x] & 0xff) - 128;
            rgb[at++] = clamped(y + (91881 * cr + 32768 >> 16));
            rgb[at++] = clamped(y + (-22554 * cb - 46802 * cr + 32768 >> 16));
            rgb[at++] = clamped(y + (116130 * cb + 32768 >> 16));
        }
    }

    private static byte clamped(int value) {
        return (byte) (value < 0 ? 0 : Math.min(value, 255));
    }

    /** Three inks, as amounts, and the fourth to light. */
    private void printed(byte[] rgb, int at, int width) {
        for (int x = 0; x < width; x++) {
            int light = rows[3][starts[3] + x] & 0xff;
            for (int c = 0; c < 3; c++, at++) {
                int product = (rgb[at] & 0xff) * light + 128;
                rgb[at] = clamped(light - ((product >> 8) + product >> 8));
            }
        }
    }

    /** Puts a row of the output into {@code to}; returns where it begins. */
    private int row(Component c, int y, byte[] to) {
        int h = frame.stretchH(c);
        int v = frame.stretchV(c);
        if (h == 1 && v == 1) {
            return y * c.stride;
        }
        int source = y / v * c.stride;
        boolean smooth = frame.interpolated();
        if (smooth && h == 2 && v == 1 && c.width > 2) {
            across(c, source, to);
        } else if (smooth && v == 2 && (h == 1 || h == 2 && c.width > 2)) {
            int other = Math.min(Math.max(y / 2 + (y % 2 == 0 ? -1 : 1), 0), c.height - 1) * c.stride;
            if (h == 1) {
                down(c, source, other, y % 2 == 0 ? 1 : 2, to);
            } else {
                both(c, source, other, to);
            }
        } else {
            for (int x = 0, at = 0; x < c.width; x++) {
                for (int i = 0; i < h; i++) {
                    to[at++] = c.plane[source + x];
                }
            }
        }
        return 0;
    }

    private static void down(Component c, int near, int far, int bias, byte[] to) {
        byte[] plane = c.plane;
        for (int x = 0; x < c.width; x++) {
            to[x] = (byte) (3 * (plane[near + x] & 0xff) + (plane[far + x] & 0xff) + bias >> 2);
        }
    }

    private static void across(Component c, int source, byte[] to) {
        byte[] plane = c.plane;
        int last = c.width - 1;
        to[0] = plane[source];
        to[2 * last + 1] = plane[source + last];
        for (int x = 0; x < last; x++) {
            int here = plane[source + x] & 0xff;
            int next = plane[source + x + 1] & 0xff;
            to[2 * x + 1] = (byte) (3 * here + next + 2 >> 2);
            to[2 * x + 2] = (byte) (3 * next + here + 1 >> 2);
        }
    }

    private void both(Component c, int near, int far, byte[] to) {
        byte[] plane = c.plane;
        int[] s = sums;
        int last = c.width - 1;
        for (int x = 0; x <= last; x++) {
            s[x] = 3 * (plane[near + x] & 0xff) + (plane[far + x] & 0xff);
        }
        to[0] = (byte) (4 * s[0] + 8 >> 4);
        to[2 * last + 1] = (byte) (4 * s[last] + 7 >> 4);
        for (int x = 0; x < last; x++) {
            to[2 * x + 1] = (byte) (3 * s[x] + s[x + 1] + 7 >> 4);
            to[2 * x + 2] = (byte) (3 * s[x + 1] + s[x] + 8 >> 4);
        }
    }
}
