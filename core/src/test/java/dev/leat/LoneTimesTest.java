package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class LoneTimesTest {

    private static final long ONE = 4_700_000;

    private LoneTimes times = new LoneTimes();

    /** Chooses so often and measures what it chose; returns how often it was all threads. */
    private int spread(int calls, long cost, IntToLongFunction one, IntToLongFunction all) {
        int spread = 0;
        for (int i = 0; i < calls; i++) {
            boolean chosen = times.spread(cost);
            spread += chosen ? 1 : 0;
            times.observed(chosen, cost, chosen ? all.applyAsLong(i) : one.applyAsLong(i));
        }
        return spread;
    }

    @Test
    void spread_oneThreadNotYetKnown_isFalse() {
        assertThat(spread(LoneTimes.KEPT, 16, i -> ONE, i -> 3_500_000)).isZero();
    }

    @Test
    void spread_newLength_isTriedBeforeItIsKnownToPay() {
        spread(LoneTimes.KEPT + 1, 220, i -> 60_000_000, i -> 37_000_000); // the first call finds nothing warm

        assertThat(spread(20, 220, i -> 60_000_000, i -> 37_000_000)).isEqualTo(20);
    }

    @Test
    void spread_doesNotPay_isTriedMoreAndMoreRarely() {
        int trial = LoneTimes.KEPT + 1;

        assertThat(spread(LoneTimes.KEPT + trial + LoneTimes.FIRST_PAUSE, 220, i -> 60_000_000, i -> 59_000_000))
                .isEqualTo(trial);
        assertThat(spread(2000, 220, i -> 60_000_000, i -> 59_000_000)).isBetween(2 * trial, 4 * trial);
        assertThat(spread(10 * LoneTimes.LONGEST_PAUSE, 220, i -> 60_000_000, i -> 59_000_000))
                .isBetween(9 * trial, 11 * trial);
    }

    @Test
    void spread_clearlyDoesNotPay_isTriedForThreeCalls() {
        spread(LoneTimes.KEPT + LoneTimes.KEPT + 1 + LoneTimes.FIRST_PAUSE, 220, i -> ONE, i -> 2 * ONE);

        assertThat(spread(LoneTimes.FIRST_PAUSE, 220, i -> ONE, i -> 2 * ONE)).isEqualTo(1 + LoneTimes.ENOUGH);
    }

    @Test
    void spread_machineDisturbsMostTrials_looksThroughIt() {
        long[] measured = {
            10_900_000, 9_700_000, 9_200_000, 4_300_000, 3_800_000, 8_900_000, 4_600_000, 3_900_000, 4_400_000
        };

        spread(200, 16, i -> ONE, i -> measured[i % measured.length]);

        assertThat(spread(100, 16, i -> ONE, i -> measured[i % measured.length]))
                .isGreaterThan(90);
    }

    @Test
    void spread_machineChangesItsMind_follows() {
        spread(300, 16, i -> ONE, i -> 3_500_000);

        assertThat(spread(300, 16, i -> ONE, i -> 2 * ONE)).isLessThan(60);
        spread(1500, 16, i -> ONE, i -> 3_500_000);
        assertThat(spread(300, 16, i -> ONE, i -> 3_500_000)).isGreaterThan(280);
    }

    @Test
    void spread_bothWaysSlowDownForAWhile_keepsTheFasterWay() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(spreadBesideOthers(seed, 8_000_000)).isGreaterThan(4_800);
            assertThat(spreadBesideOthers(seed, 12_000_000)).isLessThan(200);
        }
    }

    /** Of 5,000 calls on a machine that is up to twice as slow for some hundred calls, then faster again. */
    private int spreadBesideOthers(long seed, long all) {
        Random random = new Random(seed);
        double[] slow = new double[5000];
        for (int i = 0; i < slow.length; i++) {
            slow[i] = i == 0 || random.nextInt(200) == 0 ? 1 + random.nextDouble() : slow[i - 1];
        }
        times = new LoneTimes();
        return spread(slow.length, 16, i -> (long) (slow[i] * 10_000_000), i -> (long) (slow[i] * all));
    }

    @Test
    void spread_shortCall_isFalse() {
        assertThat(spread(300, 16, i -> 900_000, i -> 100_000)).isZero();
    }

    @Test
    void spread_longPaysAndShortDoesNot_tellsThemApart() {
        spread(100, 16, i -> ONE, i -> ONE);
        spread(100, 220, i -> 60_000_000, i -> 37_000_000);

        assertThat(spread(50, 16, i -> ONE, i -> ONE)).isLessThan(10);
        assertThat(spread(50, 220, i -> 60_000_000, i -> 37_000_000)).isGreaterThan(40);
    }
}
