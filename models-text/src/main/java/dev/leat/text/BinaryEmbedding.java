package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An embedding with a bit for each coordinate, made by {@link EmbeddingQuantiser#binary}. Immutable. */
public final class BinaryEmbedding {

    private final String space;
    private final int dimension;
    private final long[] bits;

    private BinaryEmbedding(String space, int dimension, long[] bits) {
        this.space = requireNonNull(space, "space");
        this.dimension = dimension;
        this.bits = bits;
    }

    /**
     * Returns an embedding that was stored.
     *
     * @param space see {@link #space()}
     * @param dimension how many bits there are
     * @param bits copied; bit i is bit {@code i % 64} of number {@code i / 64}; what is beyond the dimension is 0
     * @return the embedding
     */
    public static BinaryEmbedding of(String space, int dimension, long... bits) {
        if (dimension < 1 || bits.length != (dimension + Long.SIZE - 1) / Long.SIZE) {
            throw new IllegalArgumentException(
                    dimension + " bits do not fit " + bits.length + " numbers of " + Long.SIZE + " bits");
        }
        if (dimension % Long.SIZE != 0 && bits[bits.length - 1] >>> dimension != 0) {
            throw new IllegalArgumentException("bits beyond the " + dimension + " of the embedding must be 0");
        }
        return new BinaryEmbedding(space, dimension, bits.clone());
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
     * Returns the number of bits.
     *
     * @return at least 1
     */
    public int dimension() {
        return dimension;
    }

    /**
     * Returns the bits.
     *
     * @return a copy, as {@link #of} takes it
     */
    public long[] toLongs() {
        return bits.clone();
    }

    /**
     * Returns how many bits differ.
     *
     * @param other an embedding of the same space
     * @return 0 (equal) to {@link #dimension()}
     * @throws IllegalArgumentException if the spaces differ
     */
    public int hamming(BinaryEmbedding other) {
        if (!space.equals(other.space) || dimension != other.dimension) {
            throw new IllegalArgumentException("Embeddings of '" + space + "' and '" + other.space
                    + "' cannot be compared; use one model and one quantiser");
        }
        int different = 0;
        for (int i = 0; i < bits.length; i++) {
            different += Long.bitCount(bits[i] ^ other.bits[i]);
        }
        return different;
    }

    /**
     * Returns how near another embedding is, on the scale of cosines.
     *
     * @param other an embedding of the same space
     * @return {@code cos(pi * hamming / dimension)}, -1 to 1: what random hyperplanes estimate (Charikar, "Similarity
     *     Estimation Techniques from Rounding Algorithms", 2002), of vectors centred on the calibration's sample
     */
    public double similarity(BinaryEmbedding other) {
        return Math.cos(Math.PI * hamming(other) / dimension);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BinaryEmbedding that
                && space.equals(that.space)
                && dimension == that.dimension
                && Arrays.equals(bits, that.bits);
    }

    @Override
    public int hashCode() {
        return 31 * space.hashCode() + Arrays.hashCode(bits);
    }

    /** Returns space and dimension, no bit. */
    @Override
    public String toString() {
        return "BinaryEmbedding[" + dimension + " of " + space + "]";
    }
}
