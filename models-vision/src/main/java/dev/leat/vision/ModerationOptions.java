package dev.leat.vision;

import static java.util.Objects.requireNonNull;

/**
 * How strict picture moderation is; immutable.
 *
 * @param threshold pictures are flagged from this score on, above 0 and at most 1
 * @param regions true if parts of large and long pictures are examined, too
 */
public record ModerationOptions(double threshold, boolean regions) {

    /** A threshold that has a name. */
    public enum Preset {
        /** Flags from .1 on, and with it a good many harmless pictures that show skin. The default. */
        STRICT(0.1),
        /** Flags from .5 on, the threshold of the model's authors. */
        BALANCED(0.5);

        private final double threshold;

        Preset(double threshold) {
            this.threshold = threshold;
        }

        /**
         * Returns the threshold.
         *
         * @return 0 to 1
         */
        public double threshold() {
            return threshold;
        }
    }

    /** Checks the components. */
    public ModerationOptions {
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold must be above 0 and at most 1, was " + threshold);
        }
    }

    /** Builds options; confined to one thread. */
    public static final class Builder {
        private double threshold = Preset.STRICT.threshold();
        private boolean regions;

        Builder() {}

        /**
         * Sets the threshold by its name.
         *
         * @param preset default {@link Preset#STRICT}. How many improper pictures either finds was not measured
         * @return this
         */
        public Builder preset(Preset preset) {
            threshold = requireNonNull(preset, "preset").threshold();
            return this;
        }

        /**
         * Sets the threshold.
         *
         * @param score above 0, at most 1; default that of {@link Preset#STRICT}
         * @return this
         */
        public Builder threshold(double score) {
            threshold = score;
            return this;
        }

        /**
         * Examines parts of large and long pictures, too; the worst score counts.
         *
         * <p>The model sees a picture squeezed to 256 x 256, in which a small figure may vanish. With regions, a picture
         * more than twice as long as wide is also seen as overlapping squares along its length (at most 16), any other
         * with a shorter side of 1,024 pixels or more also as nine overlapping windows of half its sides. Each costs a
         * run of the model.
         *
         * @return this
         */
        public Builder regions() {
            regions = true;
            return this;
        }

        ModerationOptions build() {
            return new ModerationOptions(threshold, regions);
        }
    }
}
