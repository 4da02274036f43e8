package dev.leat.vision;

import static java.util.Objects.requireNonNull;

/**
 * How text is read; immutable.
 *
 * @param detector the id of the model that finds lines
 * @param recogniser the id of the model that reads them; its folder brings its own characters and languages
 * @param maxSide pixels of the longer side that the detector sees; larger finds smaller text and takes longer
 * @param minScore lines of a lower score are left out, 0 to 1
 * @param rereadBelow lines of a lower score are read again, wider; the better reading stays. 0 reads once
 * @param anyRotation whether lines that cannot be read well are tried upside down too, so that pages are read however
 *     they lie
 * @param region the part of the upright picture to read
 */
public record OcrOptions(
        String detector,
        String recogniser,
        int maxSide,
        double minScore,
        double rereadBelow,
        boolean anyRotation,
        Region region) {

    /** What is used unless set otherwise. */
    public static final OcrOptions DEFAULTS =
            new OcrOptions("ppocr-v4-det", "ppocr-v4-rec-english", 1280, 0.5, 0.95, true, Region.ALL);

    /**
     * An upright part of a picture; what of it lies outside the picture is ignored.
     *
     * @param x pixels from the left, not negative
     * @param y pixels from the top, not negative
     * @param width pixels, at least 1
     * @param height pixels, at least 1
     */
    public record Region(int x, int y, int width, int height) {
        /** The whole picture. */
        public static final Region ALL = new Region(0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE);

        /** Checks the components. */
        public Region {
            if (x < 0 || y < 0 || width < 1 || height < 1) {
                throw new IllegalArgumentException("a region begins at 0 or later and has pixels, got " + width + " x "
                        + height + " at " + x + ", " + y);
            }
        }
    }

    /** Checks the components. */
    public OcrOptions {
        requireNonNull(detector, "detector");
        requireNonNull(recogniser, "recogniser");
        requireNonNull(region, "region");
        if (maxSide < 32 || maxSide > 4096) {
            throw new IllegalArgumentException("maxSide must be between 32 and 4096, was " + maxSide);
        }
        requireProbability(minScore, "minScore");
        requireProbability(rereadBelow, "rereadBelow");
    }

    private static void requireProbability(double value, String name) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be between 0 and 1, was " + value);
        }
    }

    /** Builds options; confined to one thread. */
    public static final class Builder {
        private String detector = DEFAULTS.detector;
        private String recogniser = DEFAULTS.recogniser;
        private int maxSide = DEFAULTS.maxSide;
        private double minScore = DEFAULTS.minScore;
        private double rereadBelow = DEFAULTS.rereadBelow;
        private boolean anyRotation = DEFAULTS.anyRotation;
        private Region region = DEFAULTS.region;

        Builder() {}

        /**
         * Sets which model finds lines.
         *
         * @param id of a folder in the models' source; default {@code ppocr-v4-det}
         * @return this
         */
        public Builder detector(String id) {
            detector = id;
            return this;
        }

        /**
         * Sets which model reads lines, such as a PP-OCRv4 recogniser of other languages with characters of its own.
         *
         * <p>Its {@code model.json} names one input of shape {@code [batch, 3, height, width]}, lines 48 pixels high, and
         * an output {@code float32 [batch, time, N]} with the probabilities of N classes at each step. Its parameters are
         * {@code characters}, a file with the N classes, a line each, the blank first and the space last, or with the
         * N - 2 between them, as PaddleOCR's dictionaries are; and, if they differ from the defaults in brackets,
         * {@code maxWidth} of a line in pixels (3200) and {@code spacing}, six weights that say where spaces are (none:
         * spaces are where the model shows them).
         *
         * @param id of a folder in the models' source; default {@code ppocr-v4-rec-english}
         * @return this
         */
        public Builder recogniser(String id) {
            recogniser = id;
            return this;
        }

        /**
         * Sets how large the detector sees a picture; smaller pictures are not enlarged.
         *
         * @param pixels of the longer side, 32 to 4096; default 1280
         * @return this
         */
        public Builder maxSide(int pixels) {
            maxSide = pixels;
            return this;
        }

        /**
         * Sets from which score on a line counts.
         *
         * @param score 0 to 1; default 0.5
         * @return this
         */
        public Builder minScore(double score) {
            minScore = score;
            return this;
        }

        /**
         * Sets below which score a line is read again.
         *
         * @param score 0, which reads once, to 1, which reads all lines twice; default 0.95
         * @return this
         */
        public Builder rereadBelow(double score) {
            rereadBelow = score;
            return this;
        }

        /**
         * Sets whether pages may lie upside down.
         *
         * @param any default true; false saves the time of turning lines that cannot be read
         * @return this
         */
        public Builder anyRotation(boolean any) {
            anyRotation = any;
            return this;
        }

        /**
         * Sets which part of the picture is read; boxes stay those of the whole picture.
         *
         * @param x pixels from the left of the upright picture
         * @param y pixels from its top
         * @param width pixels, at least 1
         * @param height pixels, at least 1
         * @return this
         */
        public Builder region(int x, int y, int width, int height) {
            region = new Region(x, y, width, height);
            return this;
        }

        OcrOptions build() {
            return new OcrOptions(detector, recogniser, maxSide, minScore, rereadBelow, anyRotation, region);
        }
    }
}
