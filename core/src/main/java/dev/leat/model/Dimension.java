package dev.leat.model;

import static java.util.Objects.requireNonNull;

/** One dimension of a tensor's declared shape; immutable. */
public sealed interface Dimension {

    /**
     * A dimension of one size, a number in {@code model.json}.
     *
     * @param size not negative
     */
    record Fixed(long size) implements Dimension {
        /** Checks the components. */
        public Fixed {
            if (size < 0) {
                throw new IllegalArgumentException("size must not be negative, was " + size);
            }
        }

        @Override
        public String toString() {
            return Long.toString(size);
        }
    }

    /**
     * A dimension that each run chooses, a name in {@code model.json}; equal names in one run mean equal sizes.
     *
     * @param name such as {@code batch} or {@code sequence}
     */
    record Symbolic(String name) implements Dimension {
        /** Checks the components. */
        public Symbolic {
            requireNonNull(name, "name");
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
