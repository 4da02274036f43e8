package dev.leat.text;

import org.jspecify.annotations.Nullable;

/**
 * Which keywords are wanted; immutable.
 *
 * @param count the most keywords
 * @param maxWords the most words of one
 */
public record KeywordOptions(int count, int maxWords) {

    /** The most keywords unless set otherwise. */
    public static final int DEFAULT_COUNT = 8;

    /** The most words of a keyword unless set otherwise. */
    public static final int DEFAULT_MAX_WORDS = 3;

    /** Checks the components. */
    public KeywordOptions {
        if (count < 1 || maxWords < 1 || maxWords > 5) {
            throw new IllegalArgumentException(
                    "count must be at least 1 and maxWords 1 to 5, were " + count + " and " + maxWords);
        }
    }

    /** Builds options; confined to one thread. */
    public static final class Builder {
        private @Nullable Integer count;
        private @Nullable Integer maxWords;

        Builder() {}

        /**
         * Sets the most keywords.
         *
         * @param keywords at least 1; default {@value KeywordOptions#DEFAULT_COUNT}
         * @return this
         */
        public Builder count(int keywords) {
            requireUnset("count", count);
            count = keywords;
            return this;
        }

        /**
         * Sets the most words of a keyword.
         *
         * @param words 1 to 5; default {@value KeywordOptions#DEFAULT_MAX_WORDS}
         * @return this
         */
        public Builder maxWords(int words) {
            requireUnset("maxWords", maxWords);
            maxWords = words;
            return this;
        }

        private static void requireUnset(String name, @Nullable Object value) {
            if (value != null) {
                throw new IllegalStateException(name + " is set already, to " + value);
            }
        }

        KeywordOptions build() {
            return new KeywordOptions(
                    count == null ? DEFAULT_COUNT : count, maxWords == null ? DEFAULT_MAX_WORDS : maxWords);
        }
    }
}
