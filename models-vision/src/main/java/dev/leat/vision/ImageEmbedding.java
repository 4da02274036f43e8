package dev.leat.vision;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A picture as a point: pictures of like content lie near to each other. Immutable; its length is 1.
 *
 * <p>It is what a classifier computes its classes from, the means of the last layer's channels.
 */
public final class ImageEmbedding {

    private static final double LENGTH_TOLERANCE = 1e-3;

    private final String space;
    private final float[] vector;

    private ImageEmbedding(String space, float[] vector) {
        this.space = requireNonNull(space, "space");
        this.vector = vector;
    }

    /**
     * Returns an embedding, such as one that was stored.
     *
     * @param space what made it, see {@link #space()}
     * @param vector copied; not empty, finite, of length 1 within 1e-3
     * @return the embedding
     */
    public static ImageEmbedding of(String space, float... vector) {
        double square = 0;
        for (float each : vector) {
            square += (double) each * each;
        }
        if (!(Math.abs(Math.sqrt(square) - 1) < LENGTH_TOLERANCE)) {
            throw new IllegalArgumentException("the vector must have length 1, had " + Math.sqrt(square));
        }
        return new ImageEmbedding(space, vector.clone());
    }

    /**
     * Returns the number of coordinates.
     *
     * @return 1,280 for the bundled classifiers
     */
    public int dimension() {
        return vector.length;
    }

    /**
     * Returns the coordinates.
     *
     * @return a copy; the caller owns it
     */
    public float[] toArray() {
        return vector.clone();
    }

    /**
     * Returns what made this embedding: the model and the digest of its files.
     *
     * @return equal for embeddings that may be compared
     */
    public String space() {
        return space;
    }

    /**
     * Returns how near another embedding is.
     *
     * @param other an embedding of the same space
     * @return the cosine, -1 to 1
     * @throws IllegalArgumentException if the spaces differ
     */
    public double cosine(ImageEmbedding other) {
        if (!space.equals(other.space) || vector.length != other.vector.length) {
            throw new IllegalArgumentException(
                    "Embeddings of '" + space + "' (" + vector.length + ") and '" + other.space + "' ("
                            + other.vector.length + ") cannot be compared; embed both pictures with one model");
        }
        double sum = 0;
        for (int i = 0; i < vector.length; i++) {
            sum += (double) vector[i] * other.vector[i];
        }
        return sum;
    }

    /**
     * Finds the nearest embeddings by comparing all.
     *
     * @param others embeddings of the same space
     * @param k how many to return, at least 1
     * @return the nearest first, ties by index; fewer if there are fewer
     * @throws IllegalArgumentException if a space differs
     */
    public List<Match> nearest(List<ImageEmbedding> others, int k) {
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1, was " + k);
        }
        return IntStream.range(0, others.size())
                .mapToObj(i -> new Match(i, cosine(others.get(i))))
                .sorted(Comparator.comparingDouble(Match::cosine).reversed().thenComparingInt(Match::index))
                .limit(k)
                .toList();
    }

    /**
     * One of the nearest; immutable.
     *
     * @param index its place in the list
     * @param cosine how near it is, -1 to 1
     */
    public record Match(int index, double cosine) {}

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImageEmbedding that && space.equals(that.space) && Arrays.equals(vector, that.vector);
    }

    @Override
    public int hashCode() {
        return 31 * space.hashCode() + Arrays.hashCode(vector);
    }

    /** Returns space and dimension, no coordinate: an embedding is as private as its picture. */
    @Override
    public String toString() {
        return "ImageEmbedding[" + vector.length + " of " + space + "]";
    }
}
