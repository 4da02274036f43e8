package dev.leat.text.encode;

import java.util.List;

/** Arithmetic on the vectors of one text. */
public final class Vectors {

    private Vectors() {}

    /** How much of the centre is the mean of texts of all kinds; the rest is the mean of the vectors themselves. */
    private static final double BACKGROUND = 0.7;

    /**
     * Returns vectors centred on the mean of texts of all kinds and, to a part, on their own; on their own alone if there
     * is no other. What all sentences of a text share is thus not lost, and what all texts share is.
     *
     * @param vectors at least one
     * @param background see {@link Encoder#background}; may be empty
     * @return each of length 1
     */
    public static double[][] centred(float[][] vectors, List<Float> background) {
        double[] centre = mean(vectors);
        for (int i = 0; i < centre.length && !background.isEmpty(); i++) {
            centre[i] = (1 - BACKGROUND) * centre[i] + BACKGROUND * background.get(i);
        }
        double[][] centred = new double[vectors.length][];
        for (int v = 0; v < vectors.length; v++) {
            centred[v] = centred(vectors[v], centre);
        }
        return centred;
    }

    /**
     * Returns vectors centred on the mean of texts of all kinds alone; as they are if it is not known.
     *
     * @param vectors at least one
     * @param background see {@link Encoder#background}; may be empty
     * @return each of length 1
     */
    public static double[][] centredOn(float[][] vectors, List<Float> background) {
        double[] centre = new double[vectors[0].length];
        for (int i = 0; i < centre.length && !background.isEmpty(); i++) {
            centre[i] = background.get(i);
        }
        double[][] centred = new double[vectors.length][];
        for (int v = 0; v < vectors.length; v++) {
            centred[v] = centred(vectors[v], centre);
        }
        return centred;
    }

    private static double[] centred(float[] vector, double[] centre) {
        double[] centred = new double[centre.length];
        for (int i = 0; i < centre.length; i++) {
            centred[i] = vector[i] - centre[i];
        }
        double length = Math.sqrt(dot(centred, centred));
        for (int i = 0; i < centre.length && length > 0; i++) {
            centred[i] /= length;
        }
        return centred;
    }

    /**
     * Returns the cosines of all pairs.
     *
     * @param vectors of length 1
     * @return symmetric
     */
    public static double[][] cosines(double[][] vectors) {
        int n = vectors.length;
        double[][] cosines = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                cosines[i][j] = dot(vectors[i], vectors[j]);
                cosines[j][i] = cosines[i][j];
            }
        }
        return cosines;
    }

    /**
     * Returns the mean.
     *
     * @param vectors at least one
     * @return their mean
     */
    public static double[] mean(float[][] vectors) {
        double[] mean = new double[vectors[0].length];
        for (float[] vector : vectors) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += (double) vector[i] / vectors.length;
            }
        }
        return mean;
    }

    /**
     * Returns the dot product.
     *
     * @param a a vector
     * @param b another, as long
     * @return summed in double precision
     */
    public static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
