package dev.leat.benchmarks.compare;

import dev.leat.benchmarks.Spread;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A line of a table: one figure against a goal.
 *
 * @param work what was done
 * @param against what it is related to
 * @param figure null if it could not be measured
 * @param goal the bound
 * @param atMost whether the goal is an upper bound
 */
record Row(String work, String against, @Nullable Spread figure, double goal, boolean atMost) {

    /** Returns the ratio of one contender's figure to another's. */
    static Row ratio(
            Measured measured,
            String work,
            String against,
            List<String> ours,
            List<String> theirs,
            double goal,
            boolean atMost) {
        return new Row(work, against, measured.ratio(ours, theirs), goal, atMost);
    }

    /** Returns the ratio to the best of several peers. */
    static Row best(
            Measured measured,
            String work,
            String ours,
            List<String> peers,
            String order,
            String value,
            double goal,
            boolean atMost) {
        String best = measured.best(peers, order, value, !atMost);
        return new Row(
                work,
                best == null ? "best peer" : "best peer: " + Report.name(best),
                best == null ? null : measured.ratio(List.of(ours, order, value), List.of(best, order, value)),
                goal,
                atMost);
    }

    boolean met() {
        return figure != null && (atMost ? figure.median() <= goal : figure.median() >= goal);
    }

    String markdown() {
        String found = figure == null
                ? "not measured"
                : "**" + number(figure.median()) + "** (" + number(figure.least()) + " to " + number(figure.most())
                        + ")";
        return "| " + work + " | " + against + " | " + found + " | " + (atMost ? "≤ " : "≥ ") + number(goal) + " | "
                + (met() ? "yes" : "no") + " |";
    }

    static String number(double value) {
        String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
        String text = String.format(Locale.ROOT, format, value);
        return text.startsWith("0.") ? text.substring(1) : text;
    }
}
