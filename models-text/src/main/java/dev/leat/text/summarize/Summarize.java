package dev.leat.text.summarize;

import dev.leat.Stage;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Sentence;
import dev.leat.text.Summary;
import dev.leat.text.SummaryOptions;
import dev.leat.text.encode.EncodedSentences;
import dev.leat.text.encode.SentenceEncoder;
import dev.leat.text.encode.SplitText;
import dev.leat.text.encode.TokenizedText;
import dev.leat.text.encode.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Sentences to the ones that say most of their text.
 *
 * <p>Chosen are the sentences that cover all others best: each sentence counts by its likeness to the nearest chosen one,
 * and sentences are added by what they add to that sum (facility location, whose greedy choice is within 37 % of the best;
 * Lin and Bilmes, "A Class of Submodular Functions for Document Summarization", 2011). So what was said already adds
 * nothing, and as sentences count the more the more others are like them (by the root of the sum of their likenesses),
 * asides come last. Likeness is the cosine of centred vectors beyond {@value #UNLIKE}. A sentence whose plain cosine to a
 * chosen one is {@value #DUPLICATE} or more is never chosen.
 *
 * @param options say how long a summary may be
 */
public record Summarize(SummaryOptions options) implements BatchStep<EncodedSentences, Summary> {

    /** Centred sentences that are no nearer than this have nothing in common. */
    static final double UNLIKE = 0.2;

    /** Sentences that are nearer than this say the same. */
    static final double DUPLICATE = 0.95;

    /**
     * Returns the stage; a text that is no longer than its summary may be costs no encoder run.
     *
     * @param sentences what encodes them
     * @param options say how long a summary may be
     * @return text to summary
     */
    public static Stage<String, Summary> stage(SentenceEncoder sentences, SummaryOptions options) {
        Stage<SplitText, Summary> chosen = sentences.encode().then(Stage.of(new Summarize(options)));
        return sentences
                .split()
                .then(Stage.route("whole", new Fits(options), Stage.of(new Whole()))
                        .otherwise(chosen));
    }

    /** Whether all sentences are within the limits. */
    private record Fits(SummaryOptions options) implements Predicate<SplitText> {
        @Override
        public boolean test(SplitText text) {
            int tokens = text.allTokens();
            return text.sentences().size() < 2
                    || (tokens <= options.tokensFor(tokens) && text.sentences().size() <= options.maxSentences());
        }
    }

    /** All sentences. */
    private record Whole() implements BatchStep<SplitText, Summary> {
        @Override
        public StepFacts facts() {
            return StepFacts.light("whole").asResult();
        }

        @Override
        public long weightBytes(Summary value) {
            return weight(value);
        }

        @Override
        public List<Summary> run(List<SplitText> items, RunScope scope) {
            return items.stream().map(text -> summary(text.sentences())).toList();
        }
    }

    private static long weight(Summary value) {
        return 128 + 4L * value.text().length();
    }

    private static Summary summary(List<Sentence> sentences) {
        List<String> texts = sentences.stream().map(Sentence::text).toList();
        return new Summary(String.join(" ", texts), texts);
    }

    @Override
    public StepFacts facts() {
        return StepFacts.light("summarize").asResult();
    }

    @Override
    public long weightBytes(Summary value) {
        return weight(value);
    }

    @Override
    public List<Summary> run(List<EncodedSentences> items, RunScope scope) {
        return items.stream().map(this::summary).toList();
    }

    private Summary summary(EncodedSentences encoded) {
        SplitText text = encoded.text();
        boolean[] chosen = choose(encoded, options.tokensFor(text.allTokens()));
        List<Sentence> kept = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i]) {
                kept.add(text.sentences().get(i));
            }
        }
        return summary(kept);
    }

    /** Chooses sentences by what they add; always at least one. */
    private boolean[] choose(EncodedSentences encoded, int maxTokens) {
        List<TokenizedText> tokens = encoded.text().tokens();
        float[][] vectors = encoded.vectors();
        double[][] likeness = likeness(Vectors.cosines(Vectors.centred(vectors, encoded.background())));
        int n = vectors.length;
        boolean[] chosen = new boolean[n];
        boolean[] passed = new boolean[n];
        double[] covered = new double[n];
        int room = maxTokens;
        int count = 0;
        while (count < options.maxSentences()) {
            int best = best(likeness, covered, passed);
            if (best < 0) {
                break;
            }
            passed[best] = true;
            if (count > 0 && tokens.get(best).tokens() > room) {
                continue;
            }
            chosen[best] = true;
            count++;
            room -= tokens.get(best).tokens();
            for (int i = 0; i < n; i++) {
                covered[i] = Math.max(covered[i], likeness[best][i]);
                passed[i] |= Vectors.dot(vectors[best], vectors[i]) >= DUPLICATE;
            }
        }
        return chosen;
    }

    /** Returns how much of each sentence each other one says: column j is of sentence j, and as heavy as it counts. */
    private static double[][] likeness(double[][] cosines) {
        int n = cosines.length;
        double[][] likeness = new double[n][n];
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                likeness[i][j] = Math.max(0, cosines[i][j] - UNLIKE);
                sum += likeness[i][j];
            }
            for (int i = 0; i < n; i++) {
                likeness[i][j] *= Math.sqrt(sum);
            }
        }
        return likeness;
    }

    /** Returns the sentence that adds most, the first one of equals; -1 if none is left. */
    private static int best(double[][] likeness, double[] covered, boolean[] passed) {
        int best = -1;
        double most = -1;
        for (int i = 0; i < passed.length; i++) {
            if (!passed[i]) {
                double added = 0;
                for (int j = 0; j < covered.length; j++) {
                    added += Math.max(0, likeness[i][j] - covered[j]);
                }
                if (added > most) {
                    most = added;
                    best = i;
                }
            }
        }
        return best;
    }
}
