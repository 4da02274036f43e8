package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;

class StepCostsTest {

    /** On a machine where a call of n items of such a cost takes so long. */
    private static int[] choices(StepCosts costs, LongBinaryOperator nanos, int chances, long cost, int items) {
        long[] each = new long[items];
        Arrays.fill(each, cost);
        int[] chosen = new int[chances];
        for (int i = 0; i < chances; i++) {
            chosen[i] = costs.together(each);
            costs.observedBusy(chosen[i], cost, nanos.applyAsLong(chosen[i], cost));
        }
        return chosen;
    }

    private static double share(int[] choices, int from, int items) {
        return (double) Arrays.stream(choices)
                        .skip(from)
                        .filter(c -> c == items)
                        .count()
                / (choices.length - from);
    }

    private static long callCostsMuch(long items, long cost) {
        return 2_000_000 + 80_000 * items * cost;
    }

    private static long callCostsNothing(long items, long cost) {
        return 150_000 * items * cost;
    }

    @Test
    void together_nothingMeasured_isAlone() {
        assertThat(new StepCosts().together(new long[] {16, 16, 16})).isEqualTo(1);
    }

    @Test
    void together_nobodyToRideAlong_isAlone() {
        StepCosts costs = new StepCosts();
        choices(costs, StepCostsTest::callCostsMuch, 100, 16, 8);

        assertThat(costs.together(new long[] {16})).isEqualTo(1);
    }

    @Test
    void together_callIsDear_learnsToRunTogether() {
        int[] chosen = choices(new StepCosts(), StepCostsTest::callCostsMuch, 400, 16, 8);

        assertThat(Arrays.stream(chosen).limit(TwoWays.ENOUGH)).containsOnly(1);
        assertThat(share(chosen, 40, 8)).isGreaterThan(0.95);
    }

    @Test
    void together_batchSavesNothing_isSeldomTried() {
        int[] chosen = choices(new StepCosts(), StepCostsTest::callCostsNothing, 1000, 16, 8);

        assertThat(share(chosen, 40, 1)).isGreaterThan(0.97);
        assertThat(share(chosen, 40, 8)).isGreaterThan(0.005);
    }

    @Test
    void together_machineChangesItsMind_follows() {
        StepCosts costs = new StepCosts();
        choices(costs, StepCostsTest::callCostsMuch, 400, 16, 8);

        int[] chosen = choices(costs, (n, cost) -> (n > 1 ? 200_000 : 150_000) * n * cost, 500, 16, 8);

        assertThat(share(chosen, 400, 1)).isGreaterThan(0.9);
    }

    @Test
    void together_shortItemsGainAndLongOnesDoNot_tellsThemApart() {
        StepCosts costs = new StepCosts();
        // What a call costs by itself is lost in what long items cost; their attention makes a batch of them dearer.
        LongBinaryOperator machine = (n, cost) -> 2_000_000 + 80_000 * n * cost + (n > 1 ? 300 * n * cost * cost : 0);
        choices(costs, machine, 300, 8, 8);
        choices(costs, machine, 300, 200, 2);

        assertThat(share(choices(costs, machine, 50, 8, 8), 0, 8)).isGreaterThan(0.9);
        assertThat(share(choices(costs, machine, 50, 200, 2), 0, 1)).isGreaterThan(0.9);
    }

    @Test
    void together_longItemInTheMiddle_endsTheBatchBeforeIt() {
        StepCosts costs = new StepCosts();
        choices(costs, StepCostsTest::callCostsMuch, 300, 16, 8);

        assertThat(costs.together(new long[] {16, 16, 16, 300})).isEqualTo(3);
    }

    @Test
    void fit_lengths_upToAQuarterMore() {
        assertThat(StepCosts.fit(4, 8)).isTrue();
        assertThat(StepCosts.fit(100, 125)).isTrue();
        assertThat(StepCosts.fit(100, 126)).isFalse();
    }
}
