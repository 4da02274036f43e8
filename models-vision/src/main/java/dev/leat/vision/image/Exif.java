package dev.leat.vision.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the orientation from an EXIF block (Exif 2.3, a TIFF directory). */
final class Exif {

    private static final int ORIENTATION = 0x0112;

    private Exif() {}

    /** Returns 1 to 8; 1 if there is none, or the block is damaged. */
    static int orientation(byte[] bytes, int from) {
        try {
            ByteBuffer tiff =
                    ByteBuffer.wrap(bytes, from, bytes.length - from).slice().order(ByteOrder.BIG_ENDIAN);
            int mark = tiff.getShort();
            tiff.order(mark == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            tiff.getShort();
            tiff.position(tiff.getInt());
            int entries = tiff.getShort() & 0xffff;
            for (int i = 0; i < entries; i++) {
                int tag = tiff.getShort() & 0xffff;
                tiff.getShort();
                tiff.getInt();
                int value = tiff.getShort();
                tiff.getShort();
                if (tag == ORIENTATION) {
                    return value >= 1 && value <= 8 ? value : 1;
                }
            }
            return 1;
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return 1; // a damaged block orients nothing
        }
    }
}
