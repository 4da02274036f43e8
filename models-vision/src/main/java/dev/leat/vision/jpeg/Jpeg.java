package dev.leat.vision.jpeg;

import java.util.function.BooleanSupplier;

/**
 * A decoded JPEG: red, green and blue, as libjpeg-turbo and Pillow give them, bit for bit. Immutable once made.
 *
 * <p>Reads what browsers read: baseline, extended and progressive, Huffman codes, 8 bits a sample; grey, YCbCr, RGB, CMYK
 * and YCCK, any sampling whose factors divide each other, restart markers. Colours of four become RGB as in Pillow, which
 * takes every such file for one of Adobe's with inverted values. No colour profile and no orientation is applied.
 *
 * <p>At 1/2, 1/4 or 1/8 each block of 8 x 8 is turned into fewer samples at once, as libjpeg does: that costs a third of
 * a full decoding, and chroma that is stored at half size needs no stretching.
 */
public final class Jpeg {

    private final int width;
    private final int height;
    private final byte[] rgb;
    private final int warnings;

    Jpeg(int width, int height, byte[] rgb, int warnings) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
        this.warnings = warnings;
    }

    /**
     * Decodes a JPEG.
     *
     * @param bytes a file's content, only read
     * @param denominator 1, 2, 4 or 8: the picture becomes this many times smaller, sides rounded up
     * @param cancelled asked every few rows
     * @return the picture
     * @throws dev.leat.InvalidInputException if it is cut off ({@code truncated}), contradicts itself
     *     ({@code damaged}), or is of a kind that is not read ({@code unsupported})
     * @throws dev.leat.CancelledException if {@code cancelled} says so
     */
    public static Jpeg decode(byte[] bytes, int denominator, BooleanSupplier cancelled) {
        if (denominator != 1 && denominator != 2 && denominator != 4 && denominator != 8) {
            throw new IllegalArgumentException("denominator must be 1, 2, 4 or 8, was " + denominator);
        }
        return new JpegFile(bytes, 8 / denominator, cancelled).decode();
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
     * Returns the samples themselves.
     *
     * @return row-major, three bytes for each pixel; nobody writes them any more
     */
    public byte[] rgb() {
        return rgb;
    }

    /**
     * Returns how many faults were passed over, such as codes that do not exist, bytes between segments or a restart
     * marker out of place; libjpeg warns of the same and goes on.
     *
     * @return 0 for a sound file
     */
    public int warnings() {
        return warnings;
    }
}
