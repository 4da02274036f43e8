package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A text as a point: texts of like meaning lie near to each other. Immutable; its length is 1. */
public final class Embedding {

    private final String space;
    private final float[] vector;

    private Embedding(String space, float[] vector) {
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
    public static Embedding of(String space, float... vector) {
        double square = 0;
        for (float each : vector) {
            square += (double) each * each;
        }
        if (!(Math.abs(Math.sqrt(square) - 1) < 1e-3)) {
            throw new IllegalArgumentException("the vector must have length 1, had " + Math.sqrt(square));
        }
        return new Embedding(space, vector.clone());
    }

    /**
     * Returns the number of coordinates.
     *
     * @return 384 for the bundled encoder
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
     * Returns what made this embedding: model, digest of its graph, pooling.
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
    public double cosine(Embedding other) {
        if (!space.equals(other.space) || vector.length != other.vector.length) {
            throw new IllegalArgumentException(
                    "Embeddings of '" + space + "' (" + vector.length + ") and '" + other.space + "' ("
                            + other.vector.length + ") cannot be compared; embed both texts with one model");
        }
        double sum = 0;
        for (int i = 0; i < vector.length; i++) {
            sum += (double) vector[i] * other.vector[i];
        }
        return sum;
    }

    /**
     * Returns the first coordinates alone, again of length 1.
     *
     * <p>The bundled encoder was not trained for it: nearness is kept less well the fewer coordinates there are.
     *
     * @param dimension 1 to {@link #dimension()}
     * @return in a space of its own ({@code space:dimension}); this embedding if nothing is cut off
     */
    public Embedding cut(int dimension) {
        if (dimension < 1 || dimension > vector.length) {
            throw new IllegalArgumentException(
                    "dimension must be between 1 and " + vector.length + ", was " + dimension);
        }
        if (dimension == vector.length) {
            return this;
        }
        double square = 0;
        for (int i = 0; i < dimension; i++) {
            square += (double) vector[i] * vector[i];
        }
        if (square == 0) {
            throw new IllegalArgumentException("the first " + dimension + " coordinates are all 0; keep more of them");
        }
        double scale = 1 / Math.sqrt(square);
        float[] first = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            first[i] = (float) (vector[i] * scale);
        }
        return new Embedding(space + ":" + dimension, first);
    }

    /** Returns the coordinates themselves; nobody writes them. */
    float[] vector() {
        return vector;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Embedding that && space.equals(that.space) && Arrays.equals(vector, that.vector);
    }

    @Override
    public int hashCode() {
        return 31 * space.hashCode() + Arrays.hashCode(vector);
    }

    /** Returns space and dimension, no coordinate: an embedding is as private as its text. */
    @Override
    public String toString() {
        return "Embedding[" + vector.length + " of " + space + "]";
    }
}
