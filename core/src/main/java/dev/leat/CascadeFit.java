package dev.leat;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The threshold of a cascade, fitted to samples; immutable.
 *
 * <p>A cascade takes the cheap answer when its confidence reaches the threshold, and asks the dear stage otherwise. The
 * fit is the smallest share of escalations at which the cascade agrees with its reference as often as wanted: with the
 * dear stage where samples carry no labels, with the labels where they do.
 *
 * @param threshold the confidence below which to escalate; 0 if never, above 1 if always
 * @param agreement how often the cascade agrees on the samples, 0 to 1
 * @param escalated the share of the samples that the dear stage answers, 0 to 1
 * @param reached whether the wanted agreement was reached; if not, this is the threshold that agrees most
 * @param samples how many samples there were
 */
public record CascadeFit(double threshold, double agreement, double escalated, boolean reached, int samples) {

    private record Sample(double confidence, boolean cheapAgrees, boolean dearAgrees) {}

    /**
     * Fits to the dear stage's own answers: both stages run on every input.
     *
     * @param <I> the input
     * @param <O> the value
     * @param <L> what of a value has to agree, such as its label
     * @param cheap the cascade's first stage
     * @param dear the stage to escalate to
     * @param inputs samples of the traffic to come; those on which a stage fails are left out
     * @param label from a value to what has to agree
     * @param confidence from a cheap value to its confidence, 0 to 1, such as a margin
     * @param wanted agreement, 0 to 1
     * @return the fit
     */
    public static <I, O, L> CascadeFit unlabelled(
            Stage<I, O> cheap,
            Stage<I, O> dear,
            List<I> inputs,
            Function<? super O, L> label,
            ToDoubleFunction<? super O> confidence,
            double wanted) {
        return fit(cheap, dear, inputs, (input, value) -> label.apply(value), label, confidence, wanted);
    }

    /**
     * Fits to labels: how often the cascade is right.
     *
     * @param <I> the input
     * @param <O> the value
     * @param <L> a label
     * @param cheap the cascade's first stage
     * @param dear the stage to escalate to
     * @param inputs samples of the traffic to come; those on which a stage fails are left out
     * @param truth from an input to its right label
     * @param label from a value to its label
     * @param confidence from a cheap value to its confidence, 0 to 1, such as a margin
     * @param wanted share of right answers, 0 to 1
     * @return the fit
     */
    public static <I, O, L> CascadeFit labelled(
            Stage<I, O> cheap,
            Stage<I, O> dear,
            List<I> inputs,
            Function<? super I, L> truth,
            Function<? super O, L> label,
            ToDoubleFunction<? super O> confidence,
            double wanted) {
        return fit(cheap, dear, inputs, (input, value) -> truth.apply(input), label, confidence, wanted);
    }

    private static <I, O, L> CascadeFit fit(
            Stage<I, O> cheap,
            Stage<I, O> dear,
            List<I> inputs,
            BiFunction<I, O, L> reference,
            Function<? super O, L> label,
            ToDoubleFunction<? super O> confidence,
            double wanted) {
        if (!(wanted >= 0 && wanted <= 1)) {
            throw new IllegalArgumentException("wanted must be between 0 and 1, was " + wanted);
        }
        List<Sample> samples = new ArrayList<>();
        Stage<I, O> first = requireNonNull(cheap, "cheap").named("cheap");
        Stage<I, O> second = requireNonNull(dear, "dear").named("dear");
        try (Pipeline<I> pipeline =
                        Pipeline.<I>builder("cascade-fit").stages(first, second).build();
                var all = pipeline.runAll(inputs)) {
            var input = inputs.iterator();
            all.forEach(results -> {
                I each = input.next();
                if (results.outcome(first) instanceof Outcome.Success<O> a
                        && results.outcome(second) instanceof Outcome.Success<O> b) {
                    L right = reference.apply(each, b.value());
                    samples.add(new Sample(
                            confidence.applyAsDouble(a.value()),
                            Objects.equals(label.apply(a.value()), right),
                            Objects.equals(label.apply(b.value()), right)));
                }
            });
        }
        return best(samples, wanted);
    }

    /** Tries every threshold that parts the samples differently, from never to always. */
    private static CascadeFit best(List<Sample> samples, double wanted) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(
                    "No sample was answered by both stages; give inputs that they can answer");
        }
        samples.sort(Comparator.comparingDouble(Sample::confidence));
        int n = samples.size();
        int agree = (int) samples.stream().filter(Sample::cheapAgrees).count();
        CascadeFit best = null;
        for (int escalated = 0; escalated <= n; escalated++) {
            if (escalated > 0) {
                Sample crossed = samples.get(escalated - 1);
                agree += (crossed.dearAgrees ? 1 : 0) - (crossed.cheapAgrees ? 1 : 0);
                // Equal confidences are escalated together.
                if (escalated < n && samples.get(escalated).confidence == crossed.confidence) {
                    continue;
                }
            }
            double threshold = escalated == 0
                    ? 0
                    : escalated == n
                            ? Math.nextUp(Math.max(1, samples.get(n - 1).confidence))
                            : samples.get(escalated).confidence;
            boolean reached = agree >= wanted * n;
            CascadeFit fit = new CascadeFit(threshold, agree / (double) n, escalated / (double) n, reached, n);
            if (best == null || fit.agreement > best.agreement) {
                best = fit;
            }
            if (reached) {
                return fit;
            }
        }
        return requireNonNull(best);
    }

    /**
     * Returns the predicate for {@link Stage#escalateTo}.
     *
     * @param <O> the cheap stage's value
     * @param confidence as it was fitted
     * @return true for values below the threshold
     */
    public <O> Predicate<O> unsure(ToDoubleFunction<? super O> confidence) {
        return value -> confidence.applyAsDouble(value) < threshold;
    }
}
