package dev.leat.vision.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import dev.leat.InvalidInputException;
import dev.leat.vision.Image;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageWriterSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes pictures to the samples that Pillow gives: no colour profile applied, grey replicated, palettes expanded,
 * 16 bit cut to 8, alpha blended onto white.
 *
 * <p>Uses the JDK's own readers, whatever other plug-ins the host has, and TwelveMonkeys' for WebP; changes no setting of
 * {@code ImageIO} and writes no cache file.
 */
public final class Decoder {

    private static final String JDK = "com.sun.imageio.plugins.";

    /** No deflate stream is more than this many times smaller than what it holds. */
    private static final long MAX_DEFLATE_RATIO = 1032;

    private Decoder() {}

    static Pixels decode(Image image, Header header) {
        byte[] bytes = image.toByteArray();
        if (header.format() == Header.Format.JPEG) {
            if (header.components() == 4) {
                throw new InvalidInputException(
                        "cmyk", "The JPEG has four colours (CMYK), which are not read yet; convert it to RGB");
            }
            requireEnd(bytes);
            bytes = withoutProfile(bytes);
        } else if (header.format() == Header.Format.PNG && (header.pixels() / 8) / MAX_DEFLATE_RATIO > bytes.length) {
            throw new InvalidInputException(
                    "truncated", "The PNG states " + header.pixels() + " pixels, which its bytes cannot hold");
        }
        AtomicBoolean cut = new AtomicBoolean();
        ImageReader reader = reader(header.format());
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener((source, warning) -> cut.compareAndSet(false, isCut(warning)));
            BufferedImage decoded = reader.read(0);
            if (cut.get()) {
                throw new InvalidInputException("truncated", "The picture ends too early; fetch it again");
            }
            return pixels(decoded);
        } catch (EOFException e) {
            throw new InvalidInputException("truncated", "The picture ends too early; fetch it again", e);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            // The JDK's readers answer damaged files with any of these.
            throw new InvalidInputException("damaged", "The picture cannot be decoded; fetch or save it again", e);
        } finally {
            reader.dispose();
        }
    }

    /** The reader's words are not translated, but for "Truncated" no constant names them. */
    private static boolean isCut(String warning) {
        return warning.contains("Truncated") || warning.contains("premature") || warning.contains("EOI");
    }

    private static ImageReader reader(Header.Format format) {
        if (format == Header.Format.WEBP) {
            return new WebPImageReaderSpi().createReaderInstance(null);
        }
        String name = JDK + format.name().toLowerCase(java.util.Locale.ROOT) + ".";
        Iterator<ImageReaderSpi> all = IIORegistry.getDefaultInstance()
                .getServiceProviders(ImageReaderSpi.class, spi -> isOf(spi, name), true);
        try {
            return all.next().createReaderInstance();
        } catch (IOException e) {
            throw new IllegalStateException("The JDK's reader for " + format + " cannot be made", e);
        }
    }

    /**
     * Returns the JDK's JPEG writer.
     *
     * @return a new one; the caller disposes of it
     */
    public static ImageWriter jpegWriter() {
        Iterator<ImageWriterSpi> all = IIORegistry.getDefaultInstance()
                .getServiceProviders(ImageWriterSpi.class, spi -> isOf(spi, JDK + "jpeg."), true);
        try {
            return all.next().createWriterInstance();
        } catch (IOException e) {
            throw new IllegalStateException("The JDK's writer for JPEG cannot be made", e);
        }
    }

    private static boolean isOf(Object spi, String prefix) {
        return spi.getClass().getName().startsWith(prefix);
    }

    /**
     * Decodes a JPEG that {@link #jpegWriter} made.
     *
     * @param bytes the file
     * @return its pixels
     */
    public static Pixels jpeg(byte[] bytes) {
        Image image = Image.of(bytes);
        return decode(image, Header.read(image));
    }

    /** A JPEG without its end marker after the picture's data was cut off; the JDK's reader would fill it with grey. */
    private static void requireEnd(byte[] bytes) {
        int data = 2;
        while (data + 4 <= bytes.length && (bytes[data] & 0xff) == 0xff && (bytes[data + 1] & 0xff) != 0xda) {
            data += 2 + ((bytes[data + 2] & 0xff) << 8 | bytes[data + 3] & 0xff);
        }
        for (int i = bytes.length - 2; i >= data; i--) {
            if ((bytes[i] & 0xff) == 0xff && (bytes[i + 1] & 0xff) == 0xd9) {
                return;
            }
        }
        throw new InvalidInputException("truncated", "The JPEG has no end; fetch it again");
    }

    /** Leaves out APP2 segments, so that no colour profile is applied: Pillow and the models' training ignore them. */
    private static byte[] withoutProfile(byte[] bytes) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(bytes.length);
        kept.write(bytes, 0, 2);
        int at = 2;
        while (at + 4 <= bytes.length && (bytes[at] & 0xff) == 0xff && (bytes[at + 1] & 0xff) != 0xda) {
            int length = 2 + ((bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff);
            if (at + length > bytes.length) {
                break;
            }
            if ((bytes[at + 1] & 0xff) != 0xe2) {
                kept.write(bytes, at, length);
            }
            at += length;
        }
        kept.write(bytes, at, bytes.length - at);
        return kept.toByteArray();
    }

    private static Pixels pixels(BufferedImage decoded) {
        int width = decoded.getWidth();
        int height = decoded.getHeight();
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        Raster raster = decoded.getRaster();
        ColorModel colors = decoded.getColorModel();
        int bands = raster.getNumBands();
        boolean premultiplied = decoded.isAlphaPremultiplied();
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int target = 3 * (y * width + x);
                if (colors instanceof IndexColorModel palette) {
                    int argb = palette.getRGB(row[x]);
                    int alpha = argb >>> 24;
                    rgb[target] = onWhite(argb >> 16 & 0xff, alpha, false);
                    rgb[target + 1] = onWhite(argb >> 8 & 0xff, alpha, false);
                    rgb[target + 2] = onWhite(argb & 0xff, alpha, false);
                } else {
                    int source = x * bands;
                    boolean color = bands >= 3;
                    int alpha = bands == 2 || bands == 4 ? eight(row[source + bands - 1], colors, bands - 1) : 255;
                    for (int c = 0; c < 3; c++) {
                        int band = color ? c : 0;
                        rgb[target + c] = onWhite(eight(row[source + band], colors, band), alpha, premultiplied);
                    }
                }
            }
        }
        return new Pixels(width, height, rgb);
    }

    /** Cuts 16 bits to 8 and stretches 1, 2 or 4. */
    private static int eight(int sample, ColorModel colors, int band) {
        int bits = colors.getComponentSize(band);
        return bits == 8 ? sample : bits > 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1);
    }

    private static byte onWhite(int sample, int alpha, boolean premultiplied) {
        if (alpha == 255) {
            return (byte) sample;
        }
        int own = premultiplied ? sample * 255 : sample * alpha;
        return (byte) ((own + 255 * (255 - alpha) + 127) / 255);
    }
}
