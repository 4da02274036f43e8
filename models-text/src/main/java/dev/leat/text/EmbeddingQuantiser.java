package dev.leat.text;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Makes small forms of embeddings: a byte or a bit for each coordinate; immutable, thread-safe.
 *
 * <p>Both forms are calibrated on a sample, as sentence-transformers' {@code quantize_embeddings} is, with two
 * differences: bytes have one scale for all coordinates, so that whole numbers alone give the cosine (there: a range for
 * each coordinate), and a bit says whether a coordinate is above its median in the sample (there: above 0), since this
 * encoder's vectors lean to one side.
 */
public final class EmbeddingQuantiser {

    /** Coordinates beyond this share of the sample's largest are cut: finer steps for all the others. */
    private static final double KEPT = 0.9995;

    private final String space;
    private final float limit;
    private final float[] thresholds;
    private final String int8Space;
    private final String binarySpace;

    private EmbeddingQuantiser(String space, float limit, float[] thresholds) {
        this.space = space;
        this.limit = limit;
        this.thresholds = thresholds;
        this.int8Space = space + ":int8-" + Integer.toHexString(Float.floatToIntBits(limit));
        this.binarySpace = space + ":binary-" + digest(thresholds);
    }

    /**
     * Calibrates on a sample.
     *
     * @param sample at least one embedding, all of one space; a few hundred of the texts at hand are enough
     * @return the quantiser of their space
     * @throws IllegalArgumentException if there is none, or two are of different spaces
     */
    public static EmbeddingQuantiser calibrate(List<Embedding> sample) {
        EmbeddingIndex.of(sample); // refuses none, and two spaces
        int dimension = sample.get(0).dimension();
        float[] sizes = new float[sample.size() * dimension];
        float[] thresholds = new float[dimension];
        float[] column = new float[sample.size()];
        for (int d = 0; d < dimension; d++) {
            for (int v = 0; v < column.length; v++) {
                column[v] = sample.get(v).vector()[d];
                sizes[v * dimension + d] = Math.abs(column[v]);
            }
            Arrays.sort(column);
            thresholds[d] = (column[(column.length - 1) / 2] + column[column.length / 2]) / 2;
        }
        Arrays.sort(sizes);
        float limit = sizes[(int) Math.min(sizes.length - 1L, Math.round(KEPT * sizes.length))];
        return new EmbeddingQuantiser(sample.get(0).space(), limit, thresholds);
    }

    /**
     * Returns a quantiser that was calibrated before, so that stored bytes and bits stay comparable.
     *
     * @param space see {@link #space()}
     * @param limit see {@link #limit()}
     * @param thresholds see {@link #thresholds()}; copied
     * @return equal in effect to the one that gave these values
     */
    public static EmbeddingQuantiser of(String space, float limit, float... thresholds) {
        if (!(limit > 0) || thresholds.length == 0) {
            throw new IllegalArgumentException(
                    "limit must be positive and there must be a threshold for each coordinate; were " + limit + " and "
                            + thresholds.length + " thresholds");
        }
        return new EmbeddingQuantiser(space, limit, thresholds.clone());
    }

    /**
     * Returns the space of the embeddings that this quantiser takes.
     *
     * @return see {@link Embedding#space()}
     */
    public String space() {
        return space;
    }

    /**
     * Returns the size of a coordinate that becomes 127; larger ones do, too.
     *
     * @return positive
     */
    public float limit() {
        return limit;
    }

    /**
     * Returns the value of each coordinate above which its bit is 1.
     *
     * @return a copy
     */
    public float[] thresholds() {
        return thresholds.clone();
    }

    /**
     * Returns the form with a byte for each coordinate.
     *
     * @param embedding of {@link #space()}
     * @return a quarter of the size, cosines within about 0.002
     */
    public Int8Embedding int8(Embedding embedding) {
        float[] vector = vector(embedding);
        byte[] bytes = new byte[vector.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.max(-127, Math.min(127, Math.round(vector[i] / limit * 127)));
        }
        return Int8Embedding.of(int8Space, bytes);
    }

    /**
     * Returns the form with a bit for each coordinate.
     *
     * @param embedding of {@link #space()}
     * @return a 32nd of the size: good for finding candidates, which the embeddings themselves then put in order
     */
    public BinaryEmbedding binary(Embedding embedding) {
        float[] vector = vector(embedding);
        long[] bits = new long[(vector.length + Long.SIZE - 1) / Long.SIZE];
        for (int i = 0; i < vector.length; i++) {
            if (vector[i] > thresholds[i]) {
                bits[i / Long.SIZE] |= 1L << i;
            }
        }
        return BinaryEmbedding.of(binarySpace, vector.length, bits);
    }

    private float[] vector(Embedding embedding) {
        if (!embedding.space().equals(space) || embedding.dimension() != thresholds.length) {
            throw new IllegalArgumentException("This quantiser is for embeddings of '" + space + "' ("
                    + thresholds.length + "), not of '" + embedding.space() + "' (" + embedding.dimension()
                    + "); calibrate another one");
        }
        return embedding.vector();
    }

    private static String digest(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        CRC32 sum = new CRC32();
        sum.update(bytes.array());
        return Long.toHexString(sum.getValue());
    }

    /** Returns the space. */
    @Override
    public String toString() {
        return "EmbeddingQuantiser[" + space + "]";
    }
}
