package dev.leat.vision.ocr;

import java.util.Arrays;
import java.util.List;

/**
 * Says between which characters a space is.
 *
 * <p>The recogniser gives few spaces: it lost 41 % of them on receipts. But its probabilities know of them, and so do
 * the distances between characters. This is a logistic regression over both, fitted on lines whose spaces are known
 * (spacing.py in the recipes folder), in place of a threshold on the probability alone.
 *
 * <p>Distances count in the line's own median distance alone: letters of one step and of ten have the same gaps.
 *
 * @param weights none if spaces are where the recogniser shows them; else of: 1, the logarithm of the space's largest
 *     probability between the two, the same of its sum, their distance, the number of steps without a character between
 *     them, and the product of the first logarithm and the distance
 */
record Spacing(List<Double> weights) {

    /** Of a recogniser whose spaces nobody has fitted. */
    static final Spacing AS_READ = new Spacing(List.of());

    static final int FEATURES = 6;

    /** Keeps logarithms finite. */
    private static final double LEAST = 1e-5;

    Spacing {
        weights = List.copyOf(weights);
        if (!weights.isEmpty() && weights.size() != FEATURES) {
            throw new IllegalArgumentException("spacing has " + FEATURES + " weights, or none, got " + weights.size());
        }
    }

    /** Returns the median distance of characters, in steps. */
    static double pitch(int[] firsts) {
        if (firsts.length < 2) {
            return 1;
        }
        int[] distances = new int[firsts.length - 1];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = firsts[i + 1] - firsts[i];
        }
        Arrays.sort(distances);
        int half = distances.length / 2;
        return distances.length % 2 == 1 ? distances[half] : (distances[half - 1] + distances[half]) / 2.0;
    }

    /**
     * Returns whether a space is between two characters.
     *
     * @param shown whether it is the likeliest class of a step between them
     * @param largest the space's largest probability at the steps between them that show no character
     * @param sum of its probabilities there
     * @param distance from the first step of one to the first of the other
     * @param empty how many steps between them show no character
     * @param pitch the line's median distance
     */
    boolean isSpace(boolean shown, double largest, double sum, int distance, int empty, double pitch) {
        if (weights.isEmpty()) {
            return shown;
        }
        double log = Math.log(largest + LEAST);
        double relative = distance / pitch;
        double z = weights.get(0)
                + weights.get(1) * log
                + weights.get(2) * Math.log(sum + LEAST)
                + weights.get(3) * relative
                + weights.get(4) * (empty / pitch)
                + weights.get(5) * (log * relative);
        return z > 0;
    }
}
