package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An embedding with a byte for each coordinate, made by {@link EmbeddingQuantiser#int8}. Immutable. */
public final class Int8Embedding {

    private final String space;
    private final byte[] bytes;
    private final double length;

    private Int8Embedding(String space, byte[] bytes) {
        this.space = requireNonNull(space, "space");
        this.bytes = bytes;
        this.length = Math.sqrt(product(bytes, bytes));
    }

    /**
     * Returns an embedding that was stored.
     *
     * @param space see {@link #space()}
     * @param bytes copied; not empty
     * @return the embedding
     */
    public static Int8Embedding of(String space, byte... bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("an embedding needs at least one coordinate");
        }
        return new Int8Embedding(space, bytes.clone());
    }

    /**
     * Returns what made this embedding: the space of the original, and the quantiser's calibration.
     *
     * @return equal for embeddings that may be compared
     */
    public String space() {
        return space;
    }

    /**
     * Returns the coordinates.
     *
     * @return a copy
     */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /**
     * Returns how near another embedding is.
     *
     * @param other an embedding of the same space
     * @return the cosine, -1 to 1; 0 if one of them has no coordinate but 0
     * @throws IllegalArgumentException if the spaces differ
     */
    public double cosine(Int8Embedding other) {
        if (!space.equals(other.space) || bytes.length != other.bytes.length) {
            throw new IllegalArgumentException("Embeddings of '" + space + "' and '" + other.space
                    + "' cannot be compared; use one model and one quantiser");
        }
        double lengths = length * other.length;
        return lengths == 0 ? 0 : product(bytes, other.bytes) / lengths;
    }

    private static int product(byte[] a, byte[] b) {
        int sum = 0; // whole numbers: the JIT may add them in any order, and does so in vector registers
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Int8Embedding that && space.equals(that.space) && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * space.hashCode() + Arrays.hashCode(bytes);
    }

    /** Returns space and dimension, no coordinate. */
    @Override
    public String toString() {
        return "Int8Embedding[" + bytes.length + " of " + space + "]";
    }
}
