package dev.leat.text.classify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Raw scores over a temperature, one for each label; immutable.
 *
 * @param values in the order of the head's labels
 */
public record Logits(List<Double> values) {

    /** Copies the values. */
    public Logits {
        values = List.copyOf(values);
    }

    static Logits of(double[] values) {
        return new Logits(Arrays.stream(values).boxed().toList());
    }

    /**
     * Returns probabilities of labels that exclude each other.
     *
     * @return sum to 1
     */
    public List<Double> softmax() {
        double max = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double[] powers = values.stream().mapToDouble(v -> Math.exp(v - max)).toArray();
        double sum = Arrays.stream(powers).sum();
        return Arrays.stream(powers).mapToObj(p -> p / sum).toList();
    }

    /**
     * Returns probabilities of labels that do not exclude each other.
     *
     * @return each 0 to 1
     */
    public List<Double> sigmoid() {
        List<Double> scores = new ArrayList<>();
        for (double value : values) {
            scores.add(1 / (1 + Math.exp(-value)));
        }
        return scores;
    }

    /** Returns the number of labels: scores are as private as the text. */
    @Override
    public String toString() {
        return "Logits[" + values.size() + "]";
    }
}
