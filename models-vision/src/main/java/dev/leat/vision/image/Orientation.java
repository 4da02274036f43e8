package dev.leat.vision.image;

/** Turns and mirrors pictures as EXIF demands. */
final class Orientation {

    private Orientation() {}

    /**
     * Returns the picture as it was meant to be seen.
     *
     * @param orientation of EXIF: 1 as stored, 2 mirrored, 3 upside down, 4 both, 5 to 8 the same over the diagonal
     */
    static Pixels upright(Pixels stored, int orientation) {
        int w = stored.width();
        int h = stored.height();
        boolean swapped = orientation >= 5;
        int width = swapped ? h : w;
        int height = swapped ? w : h;
        byte[] from = stored.rgb();
        byte[] to = new byte[from.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int sx = switch (orientation) {
                    case 2, 3 -> w - 1 - x;
                    case 5, 8 -> orientation == 5 ? y : w - 1 - y;
                    case 6, 7 -> orientation == 6 ? y : w - 1 - y;
                    default -> x;
                };
                int sy = switch (orientation) {
                    case 3, 4 -> h - 1 - y;
                    case 5, 8 -> x;
                    case 6, 7 -> h - 1 - x;
                    default -> y;
                };
                int source = 3 * (sy * w + sx);
                int target = 3 * (y * width + x);
                to[target] = from[source];
                to[target + 1] = from[source + 1];
                to[target + 2] = from[source + 2];
            }
        }
        return new Pixels(width, height, to);
    }
}
