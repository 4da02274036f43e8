package dev.leat.benchmarks.compare;

import dev.leat.benchmarks.Spread;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A results file: where it was measured, and every sample.
 *
 * @param about machine, versions, digests, settings
 * @param samples in the order of measuring
 */
record Measured(Map<String, String> about, List<Sample> samples) {

    /**
     * What came of one order in one round.
     *
     * @param round from 1
     * @param contender its id
     * @param work the order's name
     * @param values what was measured
     */
    record Sample(int round, String contender, String work, Map<String, Double> values) {}

    private TreeMap<Integer, Double> byRound(String contender, String work, String value) {
        TreeMap<Integer, Double> found = new TreeMap<>();
        for (Sample sample : samples) {
            Double number = sample.values().get(value);
            if (number != null
                    && sample.contender().equals(contender)
                    && sample.work().equals(work)) {
                found.put(sample.round(), number);
            }
        }
        return found;
    }

    /**
     * Returns a figure of one contender.
     *
     * @param contender its id
     * @param work the order's name
     * @param value the figure's name
     * @return null if it was not measured, or failed
     */
    @Nullable
    Spread spread(String contender, String work, String value) {
        return Spread.of(byRound(contender, work, value).values().stream().mapToDouble(Double::doubleValue));
    }

    /**
     * Divides one figure by another round by round, so that what the machine did meanwhile met both.
     *
     * @param a the dividend: contender, work, value
     * @param b the divisor
     * @return null if no round has both
     */
    @Nullable
    Spread ratio(List<String> a, List<String> b) {
        TreeMap<Integer, Double> divisors = byRound(b.get(0), b.get(1), b.get(2));
        return Spread.of(byRound(a.get(0), a.get(1), a.get(2)).entrySet().stream()
                .filter(each -> divisors.containsKey(each.getKey()))
                .mapToDouble(each -> each.getValue() / divisors.getOrDefault(each.getKey(), Double.NaN)));
    }

    /**
     * Returns the least or the greatest of figures that a claim is held against: the best peer's median.
     *
     * @param ids contenders
     * @param work the order's name
     * @param value the figure's name
     * @param most whether more is better
     * @return the best one's id; null if none was measured
     */
    @Nullable
    String best(List<String> ids, String work, String value, boolean most) {
        return Arrays.stream(ids.toArray(String[]::new))
                .filter(id -> spread(id, work, value) != null)
                .min((x, y) -> {
                    int order = Double.compare(median(x, work, value), median(y, work, value));
                    return most ? -order : order;
                })
                .orElse(null);
    }

    private double median(String id, String work, String value) {
        Spread spread = spread(id, work, value);
        return spread == null ? Double.NaN : spread.median();
    }
}
