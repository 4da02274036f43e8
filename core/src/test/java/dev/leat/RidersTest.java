package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RidersTest {

    private record Step(String name) implements BatchStep<String, String> {
        @Override
        public StepFacts facts() {
            return StepFacts.heavy(name, "tokens").batched(8, 512);
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            return items;
        }
    }

    private static final class Piece implements Riders.Waiting {
        private final Step step;
        private final long cost;
        private final @Nullable Object group;
        private int passedOver;

        Piece(String step, long cost, @Nullable Object group) {
            this.step = new Step(step);
            this.cost = cost;
            this.group = group;
        }

        @Override
        public BatchStep<?, ?> step() {
            return step;
        }

        @Override
        public StepFacts facts() {
            return step.facts();
        }

        @Override
        public long cost() {
            return cost;
        }

        @Override
        public @Nullable Object group() {
            return group;
        }

        @Override
        public int passedOver() {
            return passedOver;
        }

        @Override
        public void passOver() {
            passedOver++;
        }
    }

    private static List<Piece> pieces(long... costs) {
        List<Piece> pieces = new ArrayList<>();
        for (long cost : costs) {
            pieces.add(new Piece("encode", cost, null));
        }
        return pieces;
    }

    private static long[] costs(long first, List<Piece> queue, int permits) {
        return Riders.of(new Piece("encode", first, null), queue, permits).costs();
    }

    @Test
    void of_nobodyWaits_isTheFirstAlone() {
        assertThat(costs(16, List.of(), 1)).containsExactly(16);
    }

    @Test
    void of_severalPermits_leavesThemTheirShare() {
        List<Piece> queue = pieces(16, 16, 16, 16, 16, 16, 16);

        assertThat(costs(16, queue, 1)).hasSize(8);
        assertThat(costs(16, queue, 2)).hasSize(4);
        assertThat(costs(16, queue, 4)).hasSize(2);
        assertThat(costs(16, queue, 16)).hasSize(1);
    }

    @Test
    void of_otherSteps_doNotRide() {
        List<Piece> queue = List.of(new Piece("decode", 16, null), new Piece("encode", 16, null));

        assertThat(costs(16, queue, 1)).hasSize(2);
    }

    @Test
    void of_paddedCostOverTheLimit_endsTheBatch() {
        assertThat(costs(170, pieces(170, 170, 170), 1)).hasSize(3);
        assertThat(costs(100, pieces(120, 120, 120, 120), 1)).hasSize(4);
        assertThat(costs(600, pieces(600), 1)).hasSize(1);
    }

    @Test
    void take_longOneInBetween_isPassedOverAtMostByThePermits() {
        List<Piece> queue = pieces(300, 16, 16, 16);

        Riders<Piece> riders = Riders.of(new Piece("encode", 16, null), queue, 2);
        assertThat(riders.costs()).hasSize(3);
        assertThat(riders.take(2)).containsExactly(queue.get(1), queue.get(2));
        assertThat(queue.get(0).passedOver).isEqualTo(2);

        assertThat(costs(16, queue, 2)).hasSize(1);
    }

    @Test
    void take_sameGroup_passesFreely() {
        Object bulk = new Object();
        List<Piece> queue = List.of(
                new Piece("encode", 300, bulk),
                new Piece("encode", 16, bulk),
                new Piece("encode", 16, bulk),
                new Piece("encode", 16, null),
                new Piece("encode", 16, null));

        Riders<Piece> riders = Riders.of(new Piece("encode", 16, bulk), queue, 1);

        assertThat(riders.costs()).hasSize(4);
        assertThat(riders.take(3)).containsExactly(queue.get(1), queue.get(2), queue.get(3));
        assertThat(queue.get(0).passedOver).isEqualTo(1);
    }
}
