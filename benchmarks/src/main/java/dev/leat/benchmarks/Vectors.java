package dev.leat.benchmarks;

/** What the benchmarks compare vectors by, whoever made them. */
public final class Vectors {

    private Vectors() {}

    /**
     * Returns how near two vectors are; unlike {@code Embedding.cosine} whatever their lengths are.
     *
     * @param a not all zero
     * @param b as long as the first, not all zero
     * @return the cosine, -1 to 1
     */
    public static double cosine(float[] a, float[] b) {
        double product = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            squareA += (double) a[i] * a[i];
            squareB += (double) b[i] * b[i];
        }
        return product / Math.sqrt(squareA * squareB);
    }
}
