package dev.leat;

import dev.leat.spi.BatchStep;
import dev.leat.spi.ContentKeyed;
import org.jspecify.annotations.Nullable;

/** What values are known by, so that equal work is found. */
final class Keys {

    private Keys() {}

    /** The key of a value that a user handed in or a user's function returned: its content, else its identity. */
    static Object of(Object value) {
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return value instanceof ContentKeyed keyed ? keyed.contentKey() : new Identity(value);
    }

    /** Whether a key holds beyond one run. */
    static boolean isContent(Object key) {
        return key instanceof Derived derived ? isContent(derived.input) : !(key instanceof Identity);
    }

    /** The key of a step's value: the step and the key of its input; the hash is computed once. */
    static final class Derived {
        private final BatchStep<Object, Object> step;
        private final Object input;
        private final int hash;

        Derived(BatchStep<Object, Object> step, Object input) {
            this.step = step;
            this.input = input;
            this.hash = 31 * step.hashCode() + input.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other
                    || other instanceof Derived that
                            && hash == that.hash
                            && step.equals(that.step)
                            && input.equals(that.input);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** A key that holds inside one run only. */
    static final class Identity {
        private final Object value;

        Identity(Object value) {
            this.value = value;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity that && value == that.value;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(value);
        }
    }
}
