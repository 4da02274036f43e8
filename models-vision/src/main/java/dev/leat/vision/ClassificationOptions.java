package dev.leat.vision;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * How pictures are classified; immutable.
 *
 * @param model the id of the model: one of the tiers', or your own
 * @param topK how many labels are given, at least 1
 */
public record ClassificationOptions(String model, int topK) {

    /** How many labels are given unless set otherwise. */
    public static final int DEFAULT_TOP_K = 5;

    /** Checks the components. */
    public ClassificationOptions {
        requireNonNull(model, "model");
        if (topK < 1) {
            throw new IllegalArgumentException("topK must be at least 1, was " + topK);
        }
    }

    /** Builds options; confined to one thread. */
    public static final class Builder {
        private @Nullable Tier tier;
        private @Nullable String model;
        private int topK = DEFAULT_TOP_K;

        Builder() {}

        /**
         * Sets which of the bundled models answers.
         *
         * @param tier default {@link Tier#FAST}: EfficientNet-Lite0; {@link Tier#ACCURATE} is EfficientNet-Lite2, about
         *     twice as slow
         * @return this
         */
        public Builder tier(Tier tier) {
            this.tier = requireNonNull(tier, "tier");
            return this;
        }

        /**
         * Sets a model of your own, instead of a tier.
         *
         * <p>Its {@code model.json} names an input of shape {@code [batch, 3, size, size]} or
         * {@code [batch, size, size, 3]} and an output {@code logits} of shape {@code [batch, classes]}. Its parameters
         * are {@code labels} (a file of names, one a line), {@code size}, and, if they differ from the defaults in
         * brackets: {@code ids} (a file of ids, one a line; the names), {@code cropFraction} of the shorter side (1),
         * {@code resample} ({@code BICUBIC}), {@code mean} and {@code scale} of {@code (value - mean) / scale}, a number
         * or one for each channel (0 and 255), {@code channelOrder} ({@code RGB}), {@code layout} ({@code NCHW}),
         * {@code activation} ({@code softmax}; {@code none} if the graph gives probabilities), {@code exactProducts} of a
         * graph in 8 bit ({@code false}; {@link dev.leat.onnx.OnnxOptions#exactProducts(boolean)} says which graphs).
         *
         * @param id as in the source that was given to {@link VisionModels#builder()}
         * @return this
         */
        public Builder model(String id) {
            model = requireNonNull(id, "id");
            return this;
        }

        /**
         * Sets how many labels are given.
         *
         * @param labels 1 to as many as the model has, 1,000 for the bundled ones; default
         *     {@value ClassificationOptions#DEFAULT_TOP_K}
         * @return this
         */
        public Builder topK(int labels) {
            topK = labels;
            return this;
        }

        ClassificationOptions build() {
            if (tier != null && model != null) {
                throw new IllegalStateException(
                        "tier " + tier + " and model '" + model + "' contradict; set one of them");
            }
            return new ClassificationOptions(model != null ? model : VisionModels.classifier(tier), topK);
        }
    }
}
