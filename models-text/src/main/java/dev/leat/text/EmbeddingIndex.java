package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A list of embeddings that finds the nearest ones; exact, immutable, thread-safe.
 *
 * <p>Takes four bytes for each coordinate. A search looks at every embedding: 100,000 of 384 coordinates are about
 * 40 million multiplications, some ten milliseconds on one core. Cosines and order are those of
 * {@link Embedding#cosine}, bit for bit.
 */
public final class EmbeddingIndex {

    /*
     * The vectors lie in blocks of BLOCK, each turned so that one coordinate of all its vectors is contiguous: the inner
     * loop adds q * block[..] to as many sums as a block has vectors, which the JIT compiles to vector instructions, as
     * it never does with one sum over a vector (the order of additions would change). These sums are floats and choose
     * candidates only: a sum of n products of unit vectors is off by at most n * 2^-24 or so, and whatever lies within
     * SLACK of the last place is measured again in doubles, so that the answer equals the plain one.
     */
    private static final int BLOCK = 64;

    private static final Comparator<Neighbour> NEAREST_FIRST =
            Comparator.comparingDouble(Neighbour::cosine).reversed().thenComparingInt(Neighbour::index);

    private final List<Embedding> embeddings;
    private final String space;
    private final int dimension;
    private final float[] blocks;
    private final double slack;

    private EmbeddingIndex(List<Embedding> embeddings) {
        this.embeddings = embeddings;
        this.space = embeddings.get(0).space();
        this.dimension = embeddings.get(0).dimension();
        this.slack = 2.0 * (dimension + 2) / (1 << 23);
        int padded = (embeddings.size() + BLOCK - 1) / BLOCK * BLOCK;
        this.blocks = new float[Math.multiplyExact(padded, dimension)];
        for (int v = 0; v < embeddings.size(); v++) {
            requireSpace(embeddings.get(v));
            float[] vector = embeddings.get(v).vector();
            int block = v / BLOCK * BLOCK * dimension;
            for (int d = 0; d < dimension; d++) {
                blocks[block + d * BLOCK + v % BLOCK] = vector[d];
            }
        }
    }

    /**
     * Returns an index of some embeddings.
     *
     * @param embeddings at least one, all of one space
     * @return their index; results count their places in this list
     * @throws IllegalArgumentException if there is none, or two are of different spaces
     */
    public static EmbeddingIndex of(List<Embedding> embeddings) {
        List<Embedding> copy = List.copyOf(embeddings);
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("an index needs at least one embedding");
        }
        return new EmbeddingIndex(copy);
    }

    /**
     * Returns how many embeddings there are.
     *
     * @return at least 1
     */
    public int size() {
        return embeddings.size();
    }

    /**
     * Returns what made the embeddings.
     *
     * @return see {@link Embedding#space()}
     */
    public String space() {
        return space;
    }

    /**
     * Returns the embeddings nearest to another one.
     *
     * @param query of the same space
     * @param k how many, at least 1
     * @return nearest first, ties by place; fewer than {@code k} only if there are fewer
     * @throws IllegalArgumentException if the spaces differ
     */
    public List<Neighbour> nearest(Embedding query, int k) {
        requireSpace(query);
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1, was " + k);
        }
        float[] sums = products(query.vector());
        int wanted = Math.min(k, size());
        float[] sorted = Arrays.copyOf(sums, size());
        Arrays.sort(sorted);
        return atLeast(query, sums, 0, sorted[size() - wanted] - slack).stream()
                .sorted(NEAREST_FIRST)
                .limit(wanted)
                .toList();
    }

    /**
     * Returns the pairs of embeddings that are nearer to each other than a limit, such as texts that say the same.
     *
     * @param minCosine the limit; with the bundled encoder 0.95 is nearly the same wording, 0.85 the same matter
     * @return each pair once, in the order of the first, then of the second; costs a search for each embedding
     */
    public List<Pair> nearDuplicates(double minCosine) {
        List<Pair> pairs = new ArrayList<>();
        for (int first = 0; first < size(); first++) {
            Embedding query = embeddings.get(first);
            for (Neighbour second : atLeast(query, products(query.vector()), first + 1, minCosine - slack)) {
                if (second.cosine() >= minCosine) {
                    pairs.add(new Pair(first, second.index(), second.cosine()));
                }
            }
        }
        return pairs;
    }

    /**
     * Two embeddings of a list; immutable.
     *
     * @param first the place of the one that comes first
     * @param second the place of the other
     * @param cosine how near they are, -1 to 1
     */
    public record Pair(int first, int second, double cosine) {}

    private List<Neighbour> atLeast(Embedding query, float[] sums, int from, double least) {
        List<Neighbour> found = new ArrayList<>();
        for (int i = from; i < size(); i++) {
            if (sums[i] >= least) {
                found.add(new Neighbour(i, query.cosine(embeddings.get(i))));
            }
        }
        return found;
    }

    private float[] products(float[] query) {
        float[] sums = new float[blocks.length / dimension];
        float[] block = new float[BLOCK];
        for (int start = 0; start < sums.length; start += BLOCK) {
            Arrays.fill(block, 0);
            for (int d = 0; d < dimension; d++) {
                addScaled(block, query[d], blocks, start * dimension + d * BLOCK);
            }
            System.arraycopy(block, 0, sums, start, BLOCK);
        }
        return sums;
    }

    private static void addScaled(float[] sums, float scale, float[] values, int from) {
        for (int i = 0; i < BLOCK; i++) {
            sums[i] += scale * values[from + i];
        }
    }

    private void requireSpace(Embedding embedding) {
        requireNonNull(embedding, "embedding");
        if (!space.equals(embedding.space()) || embedding.dimension() != dimension) {
            throw new IllegalArgumentException("Embeddings of '" + space + "' (" + dimension + ") and '"
                    + embedding.space() + "' (" + embedding.dimension()
                    + ") cannot be compared; embed all texts with one model");
        }
    }

    /** Returns size and space, no coordinate. */
    @Override
    public String toString() {
        return "EmbeddingIndex[" + size() + " of " + space + "]";
    }
}
