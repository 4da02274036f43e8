package dev.leat.text;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * How a text is embedded; immutable.
 *
 * @param prompt whether texts are what is searched, or what is searched for
 * @param dimension how many coordinates are kept; 0 for all
 */
public record EmbeddingOptions(Prompt prompt, int dimension) {

    /** What a text is in a search. Vectors of both kinds are of one space. */
    public enum Prompt {
        /** A text that may be found, and any text that is compared with its like; as it is. */
        PASSAGE,
        /**
         * A short question to find longer texts by; the encoder's own instruction for queries is put before it
         * (bge: "Represent this sentence for searching relevant passages: ").
         */
        QUERY
    }

    /** Checks the components. */
    public EmbeddingOptions {
        requireNonNull(prompt, "prompt");
        if (dimension < 0) {
            throw new IllegalArgumentException("dimension must be at least 1, or 0 for all, was " + dimension);
        }
    }

    /** Builds options; confined to one thread. */
    public static final class Builder {
        private @Nullable Prompt prompt;
        private @Nullable Integer dimension;

        Builder() {}

        /**
         * Sets what the texts are.
         *
         * @param prompt default {@link Prompt#PASSAGE}
         * @return this
         */
        public Builder prompt(Prompt prompt) {
            if (this.prompt != null) {
                throw new IllegalStateException("prompt is set already, to " + this.prompt);
            }
            this.prompt = requireNonNull(prompt, "prompt");
            return this;
        }

        /**
         * Sets how many coordinates are kept.
         *
         * @param coordinates at least 1, at most what the encoder has; default all. See {@link Embedding#cut}
         * @return this
         */
        public Builder dimension(int coordinates) {
            if (dimension != null) {
                throw new IllegalStateException("dimension is set already, to " + dimension);
            }
            if (coordinates < 1) {
                throw new IllegalArgumentException("dimension must be at least 1, was " + coordinates);
            }
            dimension = coordinates;
            return this;
        }

        EmbeddingOptions build() {
            return new EmbeddingOptions(prompt == null ? Prompt.PASSAGE : prompt, dimension == null ? 0 : dimension);
        }
    }
}
