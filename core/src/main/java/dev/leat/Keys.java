package dev.leat;

import dev.leat.spi.BatchStep;
import dev.leat.spi.ContentDigest;
import dev.leat.spi.ContentKeyed;
import java.util.List;
import java.util.stream.Stream;
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

    /** The key of a list: those of its items, if all of them hold beyond one run, else its identity. */
    static Object ofAll(List<Object> list, List<Object> keys) {
        return keys.stream().allMatch(Keys::isContent) ? new Sequence(List.copyOf(keys)) : new Identity(list);
    }

    /** Whether a key holds beyond one run. */
    static boolean isContent(Object key) {
        return key instanceof Derived derived ? isContent(derived.input) : !(key instanceof Identity);
    }

    /**
     * Turns a key that holds inside one run into one that may outlive it: the content that it starts from becomes a
     * keyed hash, so that no input is kept and none can be chosen to collide, and a scope shares with itself only.
     *
     * @param key one that {@link #isContent}
     */
    static Object shared(Object key, KeyedHash hash, @Nullable String scope) {
        if (key instanceof Derived derived) {
            return new Derived(derived.step, shared(derived.input, hash, scope));
        }
        if (key instanceof Sequence sequence) {
            return new Sequence(sequence.keys.stream()
                    .map(each -> shared(each, hash, scope))
                    .toList());
        }
        String space = scope == null ? "" : scope;
        if (key instanceof String text) {
            return hash.of(space, text);
        } else if (key instanceof ContentDigest digest) {
            return new Hashed(ContentDigest.class, hash.of(space, digest.sha256()));
        } else if (key.getClass().getName().startsWith("java.lang.")) {
            // Numbers and truth values, of which those of equal class and text are equal.
            return new Hashed(key.getClass(), hash.of(space, key.toString()));
        }
        return scope == null ? key : new Scoped(hash.of(scope, ""), key);
    }

    /** The steps that a key's value went through, the last first. */
    static Stream<BatchStep<Object, Object>> steps(Object key) {
        if (key instanceof Derived derived) {
            return Stream.concat(Stream.of(derived.step), steps(derived.input));
        }
        return key instanceof Sequence sequence ? sequence.keys.stream().flatMap(Keys::steps) : Stream.empty();
    }

    private record Scoped(Object scope, Object key) {}

    private record Hashed(Class<?> type, Object digest) {}

    private record Sequence(List<Object> keys) {}

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

        BatchStep<Object, Object> step() {
            return step;
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
