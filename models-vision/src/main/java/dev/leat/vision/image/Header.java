package dev.leat.vision.image;

import dev.leat.InvalidInputException;
import dev.leat.vision.Image;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a picture's first bytes say; nothing is decoded and nothing is allocated in proportion to what they claim.
 *
 * @param format by its magic bytes
 * @param width in pixels, as stored
 * @param height in pixels, as stored
 * @param orientation of EXIF, 1 (upright) to 8
 * @param components colours of a JPEG, 0 for other formats
 */
public record Header(Format format, int width, int height, int orientation, int components) {

    /** A format that can be decoded. */
    public enum Format {
        /** JPEG (ITU-T T.81). */
        JPEG,
        /** PNG (ISO/IEC 15948). */
        PNG,
        /** GIF 87a and 89a. */
        GIF,
        /** Windows bitmap. */
        BMP,
        /** WebP (RFC 9649), lossy and lossless. */
        WEBP
    }

    private static final int MAX_CHUNKS = 10_000;

    /**
     * Reads a header.
     *
     * @param image a picture
     * @return what it says
     * @throws InvalidInputException if it is empty, of no known format, or damaged
     */
    public static Header read(Image image) {
        if (image.size() == 0) {
            throw new InvalidInputException("empty", "The picture has no bytes; give the content of a picture's file");
        }
        try (DataInputStream in = new DataInputStream(image.open())) {
            byte[] magic = in.readNBytes(12);
            Header header = read(magic, image);
            if (header.width <= 0 || header.height <= 0) {
                throw new InvalidInputException(
                        "damaged", "The picture's header states " + header.width + " x " + header.height + " pixels");
            }
            return header;
        } catch (EOFException e) {
            throw new InvalidInputException("truncated", "The picture ends within its header; fetch it again", e);
        } catch (IOException e) {
            throw new InvalidInputException("damaged", "The picture's header cannot be read; fetch it again", e);
        }
    }

    private static Header read(byte[] magic, Image image) throws IOException {
        if (begins(magic, 0xff, 0xd8, 0xff)) {
            return jpeg(image);
        } else if (begins(magic, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
            return png(image);
        } else if (begins(magic, 'G', 'I', 'F', '8')) {
            GifFrame frame = GifFrame.read(skip(image, 6));
            return new Header(Format.GIF, frame.width(), frame.height(), 1, 0);
        } else if (begins(magic, 'B', 'M')) {
            DataInputStream in = skip(image, 14);
            int size = little32(in);
            int width = size == 12 ? little16(in) : little32(in);
            int height = size == 12 ? little16(in) : little32(in);
            return new Header(Format.BMP, width, Math.abs(height), 1, 0);
        } else if (begins(magic, 'R', 'I', 'F', 'F') && magic.length == 12 && magic[8] == 'W' && magic[9] == 'E') {
            return webp(image);
        }
        throw new InvalidInputException(
                "unknown-format", "The bytes are no picture that can be read; give a JPEG, PNG, GIF, BMP or WebP file");
    }

    private static boolean begins(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static Header jpeg(Image image) throws IOException {
        DataInputStream in = skip(image, 2);
        int orientation = 1;
        for (int i = 0; i < MAX_CHUNKS; i++) {
            int marker = marker(in);
            if (marker == 0xd9 || marker == 0xda) {
                break; // the picture's data begin and there was no frame header
            }
            if (marker == 0x01 || marker >= 0xd0 && marker <= 0xd7) {
                continue; // markers without content
            }
            int length = in.readUnsignedShort() - 2;
            if (length < 0) {
                break;
            }
            boolean frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
            if (frame) {
                in.readUnsignedByte();
                int height = in.readUnsignedShort();
                int width = in.readUnsignedShort();
                return new Header(Format.JPEG, width, height, orientation, in.readUnsignedByte());
            }
            if (marker == 0xe1 && length >= 14) {
                byte[] exif = new byte[length];
                in.readFully(exif);
                if (new String(exif, 0, 4, StandardCharsets.ISO_8859_1).equals("Exif")) {
                    orientation = Exif.orientation(exif, 6);
                }
            } else {
                in.skipNBytes(length);
            }
        }
        throw new IOException("no frame header");
    }

    /** Bytes between segments are passed over: decoding counts them as faults. */
    private static int marker(DataInputStream in) throws IOException {
        int marker = 0;
        while (marker == 0 || marker == 0xff) {
            while (marker != 0xff) {
                marker = in.readUnsignedByte();
            }
            marker = in.readUnsignedByte();
        }
        return marker;
    }

    private static Header png(Image image) throws IOException {
        DataInputStream in = skip(image, 8);
        in.readInt();
        if (in.readInt() != 0x49484452) { // IHDR
            throw new IOException("no IHDR");
        }
        int width = in.readInt();
        int height = in.readInt();
        in.skipNBytes(5 + 4);
        int orientation = 1;
        for (int i = 0; i < MAX_CHUNKS; i++) {
            int length;
            int type;
            try {
                length = in.readInt();
                type = in.readInt();
            } catch (EOFException e) {
                break; // decoding will say what is missing
            }
            if (type == 0x49444154 || type == 0x49454e44 || length < 0) { // IDAT, IEND
                break;
            }
            if (type == 0x65584966) { // eXIf
                orientation = Exif.orientation(in.readNBytes(Math.min(length, 1 << 16)), 0);
                break;
            }
            if (in.skip(length + 4L) < length + 4L) {
                break;
            }
        }
        return new Header(Format.PNG, width, height, orientation, 0);
    }

    private static Header webp(Image image) throws IOException {
        DataInputStream in = skip(image, 12);
        String chunk = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
        int length = little32(in);
        return switch (chunk) {
            case "VP8 " -> {
                in.skipNBytes(6);
                yield new Header(Format.WEBP, little16(in) & 0x3fff, little16(in) & 0x3fff, 1, 0);
            }
            case "VP8L" -> {
                in.skipNBytes(1);
                int bits = little32(in);
                yield new Header(Format.WEBP, (bits & 0x3fff) + 1, (bits >>> 14 & 0x3fff) + 1, 1, 0);
            }
            case "VP8X" -> {
                in.skipNBytes(4);
                int width = little16(in) | in.readUnsignedByte() << 16;
                int height = little16(in) | in.readUnsignedByte() << 16;
                in.skipNBytes(Math.max(0, length - 10));
                yield new Header(Format.WEBP, width + 1, height + 1, webpOrientation(in), 0);
            }
            default -> throw new IOException("no picture chunk");
        };
    }

    private static int webpOrientation(DataInputStream in) throws IOException {
        for (int i = 0; i < MAX_CHUNKS; i++) {
            byte[] name = in.readNBytes(4);
            if (name.length < 4) {
                return 1;
            }
            int length = little32(in);
            if (length < 0) {
                return 1;
            }
            if (new String(name, StandardCharsets.ISO_8859_1).equals("EXIF")) {
                byte[] exif = in.readNBytes(Math.min(length, 1 << 16));
                boolean prefixed = exif.length > 6 && exif[0] == 'E' && exif[1] == 'x';
                return Exif.orientation(exif, prefixed ? 6 : 0);
            }
            if (in.skip(length + (length & 1L)) < length) {
                return 1;
            }
        }
        return 1;
    }

    private static DataInputStream skip(Image image, int bytes) throws IOException {
        DataInputStream in = new DataInputStream(image.open());
        in.skipNBytes(bytes);
        return in;
    }

    private static int little16(DataInputStream in) throws IOException {
        return in.readUnsignedByte() | in.readUnsignedByte() << 8;
    }

    private static int little32(DataInputStream in) throws IOException {
        return little16(in) | little16(in) << 16;
    }

    /**
     * Returns how many pixels there are.
     *
     * @return width times height
     */
    public long pixels() {
        return (long) width * height;
    }
}
