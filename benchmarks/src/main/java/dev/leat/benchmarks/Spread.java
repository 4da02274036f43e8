package dev.leat.benchmarks;

import java.util.Locale;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * A figure over rounds, texts or pictures.
 *
 * @param median the mean of the two in the middle if their number is even
 * @param least of them
 * @param most of them
 */
public record Spread(double median, double least, double most) {

    /**
     * Returns the spread of values.
     *
     * @param values in any order
     * @return null if there are none
     */
    public static @Nullable Spread of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted.length == 0
                ? null
                : new Spread(
                        (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2,
                        sorted[0],
                        sorted[sorted.length - 1]);
    }

    /**
     * Writes a spread for people.
     *
     * @param values in any order
     * @param decimals behind the point
     * @return such as {@code 0.50 (0.25 to 0.75)}; {@code -} if there are none
     */
    public static String text(DoubleStream values, int decimals) {
        Spread spread = of(values);
        String number = "%." + decimals + "f";
        return spread == null
                ? "-"
                : String.format(
                        Locale.ROOT,
                        number + " (" + number + " to " + number + ")",
                        spread.median,
                        spread.least,
                        spread.most);
    }
}
