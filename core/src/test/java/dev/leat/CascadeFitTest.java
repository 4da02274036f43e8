package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CascadeFitTest {

    record Guess(String label, double confidence) {}

    /** Right with a probability of its confidence; the dear stage is always right. */
    private static final Stage<Integer, Guess> CHEAP = Stage.of("cheap", n -> {
        double confidence = new SplittableRandom(n).nextDouble();
        return new Guess(new SplittableRandom(n + 77_777).nextDouble() < confidence ? "right" : "wrong", confidence);
    });

    private static final Stage<Integer, Guess> DEAR = Stage.of("dear", n -> new Guess("right", 1));

    private static List<Integer> inputs() {
        List<Integer> inputs = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            inputs.add(i);
        }
        return inputs;
    }

    @Test
    void unlabelled_wantedAgreement_isReachedWithTheFewestEscalations() {
        CascadeFit fit = CascadeFit.unlabelled(CHEAP, DEAR, inputs(), Guess::label, Guess::confidence, 0.9);

        assertThat(fit.reached()).isTrue();
        assertThat(fit.agreement()).isGreaterThanOrEqualTo(0.9).isLessThan(0.905);
        Stage<Integer, Guess> cascade = CHEAP.escalateTo(DEAR, fit.unsure(Guess::confidence));
        try (Pipeline<Integer> pipeline =
                        Pipeline.<Integer>builder("cascade").stages(cascade).build();
                var results = pipeline.runAll(inputs())) {
            List<Outcome<Guess>> outcomes = results.map(r -> r.outcome(cascade)).toList();
            assertThat(outcomes.stream()
                            .filter(o -> o.provenance().hops().stream()
                                    .anyMatch(hop -> hop.code().equals(Reason.ESCALATED)))
                            .count())
                    .isEqualTo(Math.round(fit.escalated() * 1000));
        }
    }

    @Test
    void unlabelled_stagesAgreeAlways_neverEscalates() {
        CascadeFit fit = CascadeFit.unlabelled(DEAR, DEAR, inputs(), Guess::label, Guess::confidence, 1);

        assertThat(fit.escalated()).isZero();
        assertThat(fit.unsure(Guess::confidence).test(new Guess("x", 0))).isFalse();
    }

    @Test
    void labelled_dearIsNoBetter_saysThatTheWishIsNotReached() {
        CascadeFit fit =
                CascadeFit.labelled(CHEAP, CHEAP, inputs(), n -> "right", Guess::label, Guess::confidence, 0.99);

        assertThat(fit.reached()).isFalse();
        assertThat(fit.escalated()).isZero();
    }
}
