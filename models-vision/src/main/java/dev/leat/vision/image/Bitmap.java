package dev.leat.vision.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes pixels as an uncompressed Windows bitmap of 24 bits: the plainest file that holds a picture as it is. */
public final class Bitmap {

    private static final int HEADER = 54;

    private Bitmap() {}

    /**
     * Writes a picture.
     *
     * @param picture of any type
     * @return a file; the caller owns it
     */
    public static byte[] of(BufferedImage picture) {
        Pixels pixels = isPlain(picture) ? Decoder.pixels(picture) : converted(picture);
        int stride = (3 * pixels.width() + 3) & ~3;
        byte[] file = new byte[Math.addExact(HEADER, Math.multiplyExact(stride, pixels.height()))];
        ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        header.put((byte) 'B').put((byte) 'M').putInt(file.length).putInt(0).putInt(HEADER);
        header.putInt(40)
                .putInt(pixels.width())
                .putInt(pixels.height())
                .putShort((short) 1)
                .putShort((short) 24);
        byte[] rgb = pixels.rgb();
        for (int y = 0; y < pixels.height(); y++) {
            int at = HEADER + (pixels.height() - 1 - y) * stride; // from the bottom up
            for (int i = 3 * y * pixels.width(); i < 3 * (y + 1) * pixels.width(); i += 3) {
                file[at++] = rgb[i + 2];
                file[at++] = rgb[i + 1];
                file[at++] = rgb[i];
            }
        }
        return file;
    }

    /** Whether its samples are red, green, blue or grey, in whole numbers. */
    private static boolean isPlain(BufferedImage picture) {
        int type = picture.getColorModel().getColorSpace().getType();
        int data = picture.getRaster().getDataBuffer().getDataType();
        return (type == ColorSpace.TYPE_RGB || type == ColorSpace.TYPE_GRAY)
                && (data == DataBuffer.TYPE_BYTE || data == DataBuffer.TYPE_USHORT || data == DataBuffer.TYPE_INT);
    }

    private static Pixels converted(BufferedImage picture) {
        BufferedImage plain = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_ARGB);
        int[] row = new int[picture.getWidth()];
        for (int y = 0; y < picture.getHeight(); y++) {
            picture.getRGB(0, y, row.length, 1, row, 0, row.length);
            plain.setRGB(0, y, row.length, 1, row, 0, row.length);
        }
        return Decoder.pixels(plain);
    }
}
