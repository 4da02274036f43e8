package dev.leat.text.classify;

import dev.leat.text.encode.Encoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A point for each label, and how near a text's vector is to it; immutable.
 *
 * <p>Nearest centroids with three additions, each measured on AG News (docs/quality.md): vectors are centred, since those
 * of this encoder lie close together (on unlabelled texts if there are any, else on the examples); a description counts
 * as much as {@value #DESCRIPTION_WEIGHT} examples; and where there are {@value #MIN_REFINING} unlabelled texts or more,
 * the points move half of the way to the texts near to them, once (a step of soft k-means).
 */
public final class Prototypes {

    /** Fewer unlabelled texts than this have no mean that is worth centring on. */
    public static final int MIN_CENTRING = 16;

    static final int MIN_REFINING = 64;
    static final int DESCRIPTION_WEIGHT = 16;

    /** How far the points move towards the unlabelled texts. */
    private static final double MOVE = 0.5;

    /** What similarities are divided by when texts are shared out among the labels. */
    private static final double SHARING_TEMPERATURE = 0.05;

    /** What cosines are divided by: the errors of calibration are 3 to 4 % with either. */
    private static final double PLAIN_TEMPERATURE = 0.02;

    private static final double CENTRED_TEMPERATURE = 0.07;

    private final double @Nullable [] centre;
    private final double[][] points;
    private final double[] pivots;

    private Prototypes(double @Nullable [] centre, double[][] points, double[] pivots) {
        this.centre = centre;
        this.points = points;
        this.pivots = pivots;
    }

    /**
     * What is known of a label; owns nothing.
     *
     * @param descriptions vectors of descriptions
     * @param examples vectors of texts
     */
    public record Known(List<float[]> descriptions, List<float[]> examples) {}

    /**
     * Finds the points.
     *
     * @param labels at least one, each with a description or an example
     * @param unlabelled vectors of texts like those to be classified; none, or at least {@value #MIN_CENTRING}
     * @return the points
     */
    public static Prototypes of(List<Known> labels, List<float[]> unlabelled) {
        double[][] described = means(labels.stream().map(Known::descriptions).toList());
        double[][] shown = means(labels.stream().map(Known::examples).toList());
        double[] describedCentre = centre(described);
        double[] shownCentre = centre(shown);
        double[] centre = unlabelled.isEmpty() ? shownCentre : mean(unlabelled);
        double[][] points = new double[labels.size()][];
        for (int l = 0; l < points.length; l++) {
            points[l] = point(
                    described[l],
                    shown[l],
                    labels.get(l).examples().size(),
                    centre == null ? null : describedCentre,
                    shownCentre);
        }
        Prototypes found = new Prototypes(centre, points, new double[points.length]);
        if (unlabelled.size() >= MIN_REFINING) {
            found = found.refined(unlabelled);
        }
        return new Prototypes(centre, found.points, found.pivots(labels, unlabelled));
    }

    private static double[] point(
            double @Nullable [] described,
            double @Nullable [] shown,
            int examples,
            double @Nullable [] describedCentre,
            double @Nullable [] shownCentre) {
        double[] point = new double[described != null ? described.length : shown == null ? 0 : shown.length];
        if (shown != null) {
            add(point, 1, unit(minus(shown, shownCentre)));
        }
        if (described != null) {
            double weight = shown == null ? 1 : (double) DESCRIPTION_WEIGHT / examples;
            add(point, weight, unit(minus(unit(described), describedCentre)));
        }
        return unit(point);
    }

    /** Moves each point half of the way to the mean of the texts, each counting by its share of the label. */
    private Prototypes refined(List<float[]> unlabelled) {
        double[][] sums = new double[points.length][points[0].length];
        for (float[] text : unlabelled) {
            double[] vector = centred(text);
            double[] shares = softmax(similaritiesOf(vector), SHARING_TEMPERATURE);
            for (int l = 0; l < points.length; l++) {
                add(sums[l], shares[l], vector);
            }
        }
        double[][] moved = new double[points.length][];
        for (int l = 0; l < points.length; l++) {
            double[] mean = unit(sums[l]);
            moved[l] = new double[mean.length];
            add(moved[l], MOVE, mean);
            add(moved[l], 1 - MOVE, points[l]);
            moved[l] = unit(moved[l]);
        }
        return new Prototypes(centre, moved, pivots);
    }

    /**
     * Returns how near a text is to each label.
     *
     * @param vector of the text
     * @return cosines, of centred vectors if {@link #isCentred()}
     */
    public double[] similarities(float[] vector) {
        return similaritiesOf(centred(vector));
    }

    /**
     * Returns whether vectors are centred: so they are unless there is nothing but descriptions.
     *
     * @return true if unlabelled texts, or examples of two labels, were given
     */
    public boolean isCentred() {
        return centre != null;
    }

    /**
     * Returns probabilities of labels that exclude each other.
     *
     * @param similarities see {@link #similarities}
     * @return sum to 1
     */
    public double[] exclusive(double[] similarities) {
        return softmax(similarities, temperature());
    }

    /**
     * Returns probabilities of labels that do not exclude each other.
     *
     * @param similarities see {@link #similarities}
     * @return each 0 to 1; 0.5 half-way between the label's examples and all other texts
     */
    public double[] independent(double[] similarities) {
        double[] scores = new double[similarities.length];
        for (int l = 0; l < scores.length; l++) {
            scores[l] = 1 / (1 + Math.exp(-(similarities[l] - pivots[l]) / temperature()));
        }
        return scores;
    }

    private double temperature() {
        return centre == null ? PLAIN_TEMPERATURE : CENTRED_TEMPERATURE;
    }

    /** Half-way between the mean of a label's own texts and the mean of all others; two deviations without own ones. */
    private double[] pivots(List<Known> labels, List<float[]> unlabelled) {
        double[] found = new double[points.length];
        for (int l = 0; l < points.length; l++) {
            List<Double> others = new ArrayList<>();
            for (float[] text : unlabelled) {
                others.add(similarities(text)[l]);
            }
            double own = 0;
            for (int k = 0; k < labels.size(); k++) {
                for (float[] text : labels.get(k).examples()) {
                    if (k == l) {
                        own += similarities(text)[l] / labels.get(l).examples().size();
                    } else {
                        others.add(similarities(text)[l]);
                    }
                }
            }
            double mean = others.stream().mapToDouble(s -> s).average().orElse(0);
            double square = others.stream()
                    .mapToDouble(s -> (s - mean) * (s - mean))
                    .average()
                    .orElse(0);
            found[l] = labels.get(l).examples().isEmpty() ? mean + 2 * Math.sqrt(square) : (own + mean) / 2;
        }
        return found;
    }

    private double[] centred(float[] vector) {
        double[] doubles = new double[vector.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = vector[i];
        }
        return unit(minus(doubles, centre));
    }

    private double[] similaritiesOf(double[] vector) {
        double[] similarities = new double[points.length];
        for (int l = 0; l < points.length; l++) {
            for (int i = 0; i < vector.length; i++) {
                similarities[l] += vector[i] * points[l][i];
            }
        }
        return similarities;
    }

    private static double[] softmax(double[] values, double temperature) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            max = Math.max(max, value);
        }
        double sum = 0;
        double[] powers = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            powers[i] = Math.exp((values[i] - max) / temperature);
            sum += powers[i];
        }
        for (int i = 0; i < values.length; i++) {
            powers[i] /= sum;
        }
        return powers;
    }

    private static double[][] means(List<List<float[]>> vectors) {
        return vectors.stream().map(each -> each.isEmpty() ? null : mean(each)).toArray(double[][]::new);
    }

    /** Returns the mean of what there is; null if that is one or none, since centring on itself leaves nothing. */
    private static double @Nullable [] centre(double[][] means) {
        double[] sum = null;
        int count = 0;
        for (double[] each : means) {
            if (each != null) {
                sum = sum == null ? new double[each.length] : sum;
                add(sum, 1, each);
                count++;
            }
        }
        if (sum == null || count < 2) {
            return null;
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= count;
        }
        return sum;
    }

    private static double[] mean(List<float[]> vectors) {
        double[] mean = new double[vectors.get(0).length];
        for (float[] vector : vectors) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += (double) vector[i] / vectors.size();
            }
        }
        return mean;
    }

    private static double[] minus(double[] vector, double @Nullable [] centre) {
        double[] difference = vector.clone();
        if (centre != null) {
            add(difference, -1, centre);
        }
        return difference;
    }

    private static void add(double[] sum, double scale, double[] vector) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += scale * vector[i];
        }
    }

    private static double[] unit(double[] vector) {
        double length = Encoder.length(vector);
        double[] unit = new double[vector.length];
        for (int i = 0; i < unit.length && length > 0; i++) {
            unit[i] = vector[i] / length;
        }
        return unit;
    }
}
