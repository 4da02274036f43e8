package dev.leat.vision.image;

/**
 * A decoded picture: upright, opaque, red, green and blue of 8 bits each. Immutable once made.
 */
public final class Pixels {

    private final int width;
    private final int height;
    private final byte[] rgb;

    /**
     * Creates a picture; takes ownership of the array, which nobody writes any more.
     *
     * @param width at least 1
     * @param height at least 1
     * @param rgb row-major, three bytes for each pixel
     */
    public Pixels(int width, int height, byte[] rgb) {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    width + " x " + height + " pixels want " + 3L * width * height + " bytes, got " + rgb.length);
        }
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /**
     * Returns the width.
     *
     * @return pixels
     */
    public int width() {
        return width;
    }

    /**
     * Returns the height.
     *
     * @return pixels
     */
    public int height() {
        return height;
    }

    /**
     * Returns the samples themselves, for reading only.
     *
     * @return row-major, three bytes for each pixel
     */
    public byte[] rgb() {
        return rgb;
    }

    /**
     * Returns a part.
     *
     * @param left its first column
     * @param top its first row
     * @param cropWidth its width
     * @param cropHeight its height
     * @return a copy
     */
    public Pixels crop(int left, int top, int cropWidth, int cropHeight) {
        byte[] part = new byte[3 * cropWidth * cropHeight];
        for (int y = 0; y < cropHeight; y++) {
            System.arraycopy(rgb, 3 * ((top + y) * width + left), part, 3 * y * cropWidth, 3 * cropWidth);
        }
        return new Pixels(cropWidth, cropHeight, part);
    }

    /** Returns the size. */
    @Override
    public String toString() {
        return "Pixels[" + width + " x " + height + "]";
    }
}
