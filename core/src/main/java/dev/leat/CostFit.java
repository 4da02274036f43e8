package dev.leat;

/**
 * The time of a call as {@code b + a * cost + c * squares}, fitted to what was measured; confined.
 *
 * <p>{@code cost} is the sum over the items of a call, {@code squares} the sum of their squares (attention looks at each
 * pair of tokens). Weighted least squares: an error counts by how large it is for a call of that cost, so that short calls
 * count as much as long ones; an observation's weight falls by {@link #DECAY} with each later one, so that a machine that
 * becomes slower is noticed.
 * Noise of a shared machine is one-sided: what took more than {@link #OUTLIER} times what was expected counts as that.
 * The coefficients are not negative, which keeps a guess between and beyond what was measured sensible.
 */
final class CostFit {

    private static final double DECAY = 0.96;
    private static final double OUTLIER = 3;
    private static final double RIDGE = 1e-3; // pulls what the observations leave open towards "in proportion to cost"
    private static final double UNIT = 64; // of the cost, so that the three columns are of one magnitude
    private static final double OWN = 32; // about the cost whose time a call takes by itself: its error's scale
    private static final int COEFFICIENTS = 3;

    private final double[][] normal = new double[COEFFICIENTS][COEFFICIENTS];
    private final double[] right = new double[COEFFICIENTS];
    private double weight;
    private double rate; // nanoseconds for a unit of cost, decayed mean
    private double[] fitted = new double[COEFFICIENTS];

    /** How many observations count, the decayed ones less; at most {@code 1 / (1 - DECAY)}. */
    double weight() {
        return weight;
    }

    void observe(double cost, double squares, double nanos) {
        double seen = Math.max(1, nanos);
        if (weight >= COEFFICIENTS) {
            double expected = expected(cost, squares);
            seen = Math.min(expected * OUTLIER, Math.max(expected / OUTLIER, seen));
        }
        double[] x = columns(cost, squares);
        double scale = UNIT / (OWN + cost);
        for (int i = 0; i < COEFFICIENTS; i++) {
            for (int j = 0; j < COEFFICIENTS; j++) {
                normal[i][j] = DECAY * normal[i][j] + scale * scale * x[i] * x[j];
            }
            right[i] = DECAY * right[i] + scale * scale * x[i] * seen;
        }
        rate = (DECAY * weight * rate + seen / x[1]) / (DECAY * weight + 1);
        weight = DECAY * weight + 1;
        fitted = fit();
    }

    /** Nanoseconds; meaningless before the first observation. */
    double expected(double cost, double squares) {
        double[] x = columns(cost, squares);
        return fitted[0] * x[0] + fitted[1] * x[1] + fitted[2] * x[2];
    }

    private static double[] columns(double cost, double squares) {
        return new double[] {1, cost / UNIT, squares / (UNIT * UNIT)};
    }

    /** Least squares without negative coefficients: the most negative one is left out until none is. */
    private double[] fit() {
        boolean[] out = new boolean[COEFFICIENTS];
        while (true) {
            double[] solved = solve(out);
            int worst = -1;
            for (int i = 0; i < COEFFICIENTS; i++) {
                if (solved[i] < 0 && (worst < 0 || solved[i] < solved[worst])) {
                    worst = i;
                }
            }
            if (worst < 0) {
                return solved;
            }
            out[worst] = true;
        }
    }

    /** Gaussian elimination of the ridge system; the ridge makes every pivot positive. */
    private double[] solve(boolean[] out) {
        double[][] m = new double[COEFFICIENTS][COEFFICIENTS + 1];
        for (int i = 0; i < COEFFICIENTS; i++) {
            double ridge = RIDGE * normal[i][i];
            for (int j = 0; j < COEFFICIENTS; j++) {
                m[i][j] = out[i] || out[j] ? 0 : normal[i][j];
            }
            m[i][i] = out[i] ? 1 : normal[i][i] + ridge;
            m[i][COEFFICIENTS] = out[i] ? 0 : right[i] + (i == 1 ? ridge * rate : 0);
        }
        for (int p = 0; p < COEFFICIENTS; p++) {
            for (int i = 0; i < COEFFICIENTS; i++) {
                double factor = i == p ? 0 : m[i][p] / m[p][p];
                for (int j = p; j <= COEFFICIENTS; j++) {
                    m[i][j] -= factor * m[p][j];
                }
            }
        }
        double[] solved = new double[COEFFICIENTS];
        for (int i = 0; i < COEFFICIENTS; i++) {
            solved[i] = m[i][COEFFICIENTS] / m[i][i];
        }
        return solved;
    }
}
