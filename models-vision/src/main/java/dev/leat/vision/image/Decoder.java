package dev.leat.vision.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import dev.leat.CancelledException;
import dev.leat.InferenceException;
import dev.leat.InvalidInputException;
import dev.leat.vision.Image;
import dev.leat.vision.jpeg.Jpeg;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageWriterSpi;

/**
 * Decodes pictures to the samples that Pillow gives: no colour profile applied, grey replicated, palettes expanded,
 * 16 bit cut to 8, alpha blended onto white.
 *
 * <p>JPEG is decoded by {@link Jpeg}. For the rest it uses the JDK's own readers, whatever other plug-ins the host has,
 * and TwelveMonkeys' for WebP; changes no setting of {@code ImageIO} and writes no cache file.
 */
public final class Decoder {

    private static final String JDK = "com.sun.imageio.plugins.";

    /** No deflate stream is more than this many times smaller than what it holds. */
    private static final long MAX_DEFLATE_RATIO = 1032;

    private Decoder() {}

    /**
     * What decoding gave.
     *
     * @param pixels as stored, not yet turned
     * @param warnings faults that were passed over
     */
    record Decoded(Pixels pixels, int warnings) {}

    /** Decodes at full size. */
    static Pixels decode(Image image, Header header) {
        return decode(image, header, 1, () -> false).pixels();
    }

    /**
     * @param denominator how many times smaller, 1 for everything but JPEG
     * @param cancelled asked every few rows
     */
    static Decoded decode(Image image, Header header, int denominator, BooleanSupplier cancelled) {
        byte[] bytes = image.toByteArray();
        if (header.format() == Header.Format.JPEG) {
            Jpeg decoded = Jpeg.decode(bytes, denominator, cancelled);
            return new Decoded(new Pixels(decoded.width(), decoded.height(), decoded.rgb()), decoded.warnings());
        }
        if (denominator != 1) {
            throw new IllegalArgumentException("only a JPEG is decoded smaller, not " + header.format());
        }
        if (header.format() == Header.Format.PNG && (header.pixels() / 8) / MAX_DEFLATE_RATIO > bytes.length) {
            throw new InvalidInputException(
                    "truncated", "The PNG states " + header.pixels() + " pixels, which its bytes cannot hold");
        }
        return read(bytes, header, cancelled);
    }

    private static Decoded read(byte[] bytes, Header header, BooleanSupplier cancelled) {
        Listener listener = new Listener(cancelled);
        ImageReader reader = reader(header.format());
        try (BoundedStream in = new BoundedStream(bytes, cancelled)) {
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener(listener);
            reader.addIIOReadProgressListener(listener);
            BufferedImage decoded = reader.read(0);
            if (cancelled.getAsBoolean()) {
                throw new CancelledException("A decoding was cancelled");
            }
            if (listener.cut) {
                throw new InvalidInputException("truncated", "The picture ends too early; fetch it again");
            }
            Pixels pixels = pixels(decoded);
            if (header.format() == Header.Format.GIF) {
                DataInputStream file = new DataInputStream(new ByteArrayInputStream(bytes, 6, bytes.length));
                pixels = GifFrame.read(file).onScreen(pixels);
            }
            return new Decoded(pixels, listener.warnings);
        } catch (EOFException e) {
            throw new InvalidInputException("truncated", "The picture ends too early; fetch it again", e);
        } catch (InferenceException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The readers answer damaged files with nearly any exception there is.
            throw new InvalidInputException("damaged", "The picture cannot be decoded; fetch or save it again", e);
        } finally {
            reader.dispose();
        }
    }

    /** Counts a reader's warnings, and stops it. */
    private static final class Listener implements IIOReadWarningListener, IIOReadProgressListener {
        private final BooleanSupplier cancelled;
        private boolean cut;
        private int warnings;

        Listener(BooleanSupplier cancelled) {
            this.cancelled = cancelled;
        }

        @Override
        public void warningOccurred(ImageReader source, String warning) {
            warnings++;
            cut |= isCut(warning);
        }

        @Override
        public void imageProgress(ImageReader source, float percentageDone) {
            if (cancelled.getAsBoolean()) {
                source.abort();
            }
        }

        @Override
        public void sequenceStarted(ImageReader source, int minIndex) {}

        @Override
        public void sequenceComplete(ImageReader source) {}

        @Override
        public void imageStarted(ImageReader source, int imageIndex) {}

        @Override
        public void imageComplete(ImageReader source) {}

        @Override
        public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {}

        @Override
        public void thumbnailProgress(ImageReader source, float percentageDone) {}

        @Override
        public void thumbnailComplete(ImageReader source) {}

        @Override
        public void readAborted(ImageReader source) {}
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

    static Pixels pixels(BufferedImage decoded) {
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
