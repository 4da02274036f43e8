package dev.leat.vision;

import dev.leat.InvalidInputException;
import dev.leat.guard.Guard;
import dev.leat.vision.image.Header;
import java.util.List;

/**
 * Refuses pictures that cannot be decoded or would take too much memory, by their first bytes, before anything is
 * decoded; immutable.
 *
 * <p>Refused are empty files ({@code empty}), unknown formats ({@code unknown-format}: JPEG, PNG, GIF, BMP and WebP are
 * known by their magic bytes, whatever the file's name), headers that cannot be read ({@code damaged}), and too many
 * bytes ({@code too-many-bytes}), pixels ({@code too-many-pixels}) or pixels a side ({@code too-large-side}).
 *
 * <p>It looks at headers only: whether the rest can be decoded is known when it is decoded. It does not look at what a
 * picture shows, nor at text that OCR finds in it: guard that text by a stage of its own before it goes on.
 *
 * @param maxBytes the most bytes of a file
 * @param maxPixels the most pixels; a decoded pixel takes 3 bytes
 * @param maxSide the most pixels of a side
 */
public record ImageGuard(long maxBytes, long maxPixels, int maxSide) implements Guard<Image> {

    /** The most bytes unless set otherwise: 32 MiB. */
    public static final long DEFAULT_MAX_BYTES = 32L << 20;

    /** The most pixels unless set otherwise: 40 million, 120 MB when decoded. */
    public static final long DEFAULT_MAX_PIXELS = 40_000_000;

    /** The most pixels of a side unless set otherwise. */
    public static final int DEFAULT_MAX_SIDE = 20_000;

    private static final ImageGuard STANDARD = new ImageGuard(DEFAULT_MAX_BYTES, DEFAULT_MAX_PIXELS, DEFAULT_MAX_SIDE);

    /** Checks the components. */
    public ImageGuard {
        if (maxBytes < 1 || maxPixels < 1 || maxSide < 1) {
            throw new IllegalArgumentException("limits must be at least 1, were " + maxBytes + " bytes, " + maxPixels
                    + " pixels, " + maxSide + " a side");
        }
    }

    /**
     * Returns the guard with its defaults.
     *
     * @return 32 MiB, 40 million pixels, 20,000 a side
     */
    public static ImageGuard standard() {
        return STANDARD;
    }

    /**
     * Begins a guard with other limits.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Verdict<Image> check(Image input) {
        if (input == null) {
            throw new InvalidInputException("null", "The picture is null; give an Image");
        }
        if (!input.fromPixels()) {
            require("too-many-bytes", "bytes", input.size(), maxBytes);
        }
        Header header = Header.read(input);
        require("too-large-side", "pixels a side", Math.max(header.width(), header.height()), maxSide);
        require("too-many-pixels", "pixels", header.pixels(), maxPixels);
        return new Verdict<>(input, List.of());
    }

    private static void require(String code, String unit, long found, long allowed) {
        if (found > allowed) {
            throw new InvalidInputException(
                    code,
                    "The picture has " + found + " " + unit + ", allowed are " + allowed
                            + "; make it smaller, or allow more with ImageGuard.builder()");
        }
    }

    /** Builds a guard; confined to one thread. */
    public static final class Builder {
        private long maxBytes = DEFAULT_MAX_BYTES;
        private long maxPixels = DEFAULT_MAX_PIXELS;
        private int maxSide = DEFAULT_MAX_SIDE;

        private Builder() {}

        /**
         * Sets the most bytes of a file.
         *
         * @param bytes at least 1; default {@link ImageGuard#DEFAULT_MAX_BYTES}
         * @return this
         */
        public Builder maxBytes(long bytes) {
            maxBytes = bytes;
            return this;
        }

        /**
         * Sets the most pixels.
         *
         * @param pixels at least 1; default {@link ImageGuard#DEFAULT_MAX_PIXELS}
         * @return this
         */
        public Builder maxPixels(long pixels) {
            maxPixels = pixels;
            return this;
        }

        /**
         * Sets the most pixels of a side.
         *
         * @param pixels at least 1; default {@link ImageGuard#DEFAULT_MAX_SIDE}
         * @return this
         */
        public Builder maxSide(int pixels) {
            maxSide = pixels;
            return this;
        }

        /**
         * Returns the guard.
         *
         * @return a guard with these limits
         */
        public ImageGuard build() {
            return new ImageGuard(maxBytes, maxPixels, maxSide);
        }
    }
}
