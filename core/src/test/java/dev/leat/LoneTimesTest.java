package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class LoneTimesTest {

    private static final long ONE = 4_700_000;

    private final LoneTimes times = new LoneTimes();

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
    void spread_doesNotPay_isGivenUpAfterAFewTrials() {
        assertThat(spread(200, 220, i -> 60_000_000, i -> 59_000_000)).isEqualTo(LoneTimes.KEPT + 1);
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
    void spread_shortCall_isFalse() {
        assertThat(spread(300, 16, i -> 900_000, i -> 100_000)).isZero();
    }

    @Test
    void spread_longPaysAndShortDoesNot_tellsThemApart() {
        spread(100, 16, i -> ONE, i -> ONE);
        spread(100, 220, i -> 60_000_000, i -> 37_000_000);

        assertThat(spread(50, 16, i -> ONE, i -> ONE)).isLessThan(6);
        assertThat(spread(50, 220, i -> 60_000_000, i -> 37_000_000)).isGreaterThan(44);
    }
}
