package dev.leat.vision.image;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * Where the first frame of a GIF lies on its screen (GIF 89a, sections 18 to 23), found without decoding anything.
 *
 * @param width of the screen, made wider if the frame reaches beyond it, as Pillow does
 * @param height likewise
 * @param left the frame's first column
 * @param top the frame's first row
 * @param background red, green and blue of what the frame does not cover: white if it has transparent pixels, as they
 *     become white, too; else the first colour of the palette, as in Pillow
 */
record GifFrame(int width, int height, int left, int top, int background) {

    private static final int WHITE = 0xffffff;
    private static final int MAX_BLOCKS = 100_000;

    /**
     * @param in behind the six bytes of the signature
     */
    static GifFrame read(DataInputStream in) throws IOException {
        int screenWidth = little16(in);
        int screenHeight = little16(in);
        int flags = in.readUnsignedByte();
        in.readUnsignedShort(); // the background's index, which Pillow does not use here either
        int background = 0;
        if ((flags & 0x80) != 0) {
            byte[] palette = new byte[3 << ((flags & 7) + 1)];
            in.readFully(palette);
            background = (palette[0] & 0xff) << 16 | (palette[1] & 0xff) << 8 | palette[2] & 0xff;
        }
        for (int i = 0; i < MAX_BLOCKS; i++) {
            int block = in.readUnsignedByte();
            if (block == 0x2c) {
                int left = little16(in);
                int top = little16(in);
                int right = left + little16(in);
                int bottom = top + little16(in);
                if (right == left || bottom == top) {
                    throw new IOException("an empty frame");
                }
                return new GifFrame(
                        Math.max(screenWidth, right), Math.max(screenHeight, bottom), left, top, background);
            } else if (block == 0x21) {
                int label = in.readUnsignedByte();
                int length = in.readUnsignedByte();
                if (label == 0xf9 && length >= 1) {
                    background = (in.readUnsignedByte() & 1) != 0 ? WHITE : background;
                    length--;
                }
                while (length > 0) {
                    in.skipNBytes(length);
                    length = in.readUnsignedByte();
                }
            } else if (block == 0x3b) {
                throw new EOFException("no frame");
            }
        }
        throw new IOException("no frame");
    }

    private static int little16(DataInputStream in) throws IOException {
        return in.readUnsignedByte() | in.readUnsignedByte() << 8;
    }

    /** Puts the frame onto the screen. */
    Pixels onScreen(Pixels frame) {
        if (frame.width() == width && frame.height() == height) {
            return frame;
        }
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) (background >> 16);
            rgb[i + 1] = (byte) (background >> 8);
            rgb[i + 2] = (byte) background;
        }
        for (int y = 0; y < frame.height(); y++) {
            System.arraycopy(
                    frame.rgb(), 3 * y * frame.width(), rgb, 3 * ((top + y) * width + left), 3 * frame.width());
        }
        return new Pixels(width, height, rgb);
    }
}
