package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class CostFitTest {

    private static double time(double cost) {
        return 2_000_000 + 80_000 * cost + 150 * cost * cost;
    }

    private static CostFit fitted(int observations, double noise, double outliers) {
        Random random = new Random(7);
        CostFit fit = new CostFit();
        for (int i = 0; i < observations; i++) {
            double cost = 4 + random.nextInt(400);
            double factor = Math.exp(noise * random.nextGaussian()) * (random.nextDouble() < outliers ? 40 : 1);
            fit.observe(cost, cost * cost, time(cost) * factor);
        }
        return fit;
    }

    @Test
    void expected_exactTimes_areRecovered() {
        CostFit fit = fitted(60, 0, 0);

        for (double cost : new double[] {4, 16, 64, 200, 400}) {
            assertThat(fit.expected(cost, cost * cost)).isCloseTo(time(cost), Percentage.withPercentage(3));
        }
    }

    @Test
    void expected_noisyTimesWithStalls_areNear() {
        CostFit fit = fitted(400, 0.15, 0.05);

        for (double cost : new double[] {8, 16, 64, 200, 400}) {
            assertThat(fit.expected(cost, cost * cost)).isCloseTo(time(cost), Percentage.withPercentage(25));
        }
    }

    @Test
    void expected_oneCostOnly_growsInProportionBeyondIt() {
        CostFit fit = new CostFit();
        for (int i = 0; i < 20; i++) {
            fit.observe(16, 256, 1_000_000);
        }

        assertThat(fit.expected(16, 256)).isCloseTo(1_000_000, Percentage.withPercentage(1));
        assertThat(fit.expected(32, 1024)).isBetween(1_000_000.0, 4_200_000.0);
    }

    @Test
    void expected_machineBecomesSlower_follows() {
        CostFit fit = fitted(200, 0.05, 0);
        for (int i = 0; i < 200; i++) {
            double cost = 8 + i;
            fit.observe(cost, cost * cost, 2.5 * time(cost));
        }

        assertThat(fit.expected(64, 64 * 64)).isCloseTo(2.5 * time(64), Percentage.withPercentage(10));
    }

    @Test
    void weight_manyObservations_isBounded() {
        assertThat(fitted(10, 0, 0).weight()).isCloseTo(8.38, within(0.01));
        assertThat(fitted(2000, 0, 0).weight()).isCloseTo(25, within(0.01));
    }
}
