package dev.leat.text.summarize;

import dev.leat.CancelledException;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Summary;
import dev.leat.text.encode.Encoder;
import dev.leat.text.encode.TokenizedText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text to the sentences that say most of it.
 *
 * <p>Each sentence is encoded by itself and its vector centred on the mean of all (which parts this encoder's close
 * vectors). A sentence counts by its likeness to the whole text and by LexRank (Erkan and Radev, "LexRank: Graph-based
 * Lexical Centrality as Salience in Text Summarization", 2004; power iteration on the cosines above a threshold), with a
 * small bonus for coming early. Sentences are then taken by maximal marginal relevance (Carbonell and Goldstein, "The Use
 * of MMR", 1998) as long as they fit, and given in the order of the text.
 *
 * @param encoder of the sentences
 * @param maxTokens of all chosen sentences together
 */
public record Summarize(Encoder encoder, int maxTokens) implements BatchStep<String, Summary> {

    /** Sentences beyond this many are not looked at; {@code sentencesLeftOut} in the provenance counts them. */
    static final int MAX_SENTENCES = 400;

    /** Share of LexRank in a sentence's score; the rest is its likeness to the whole. */
    private static final double LEX_RANK = 0.5;

    /** What the first sentence has ahead of the last. */
    private static final double LEAD = 0.1;

    /** Share of the score against novelty in choosing. */
    private static final double RELEVANCE = 0.7;

    /** Cosines of centred vectors below this are no link. */
    private static final double LINK = 0.1;

    private static final double DAMPING = 0.85;
    private static final int ITERATIONS = 30;

    @Override
    public StepFacts facts() {
        return StepFacts.heavy("summarize", "sentences", encoder.model(), encoder.tokenizer())
                .asResult();
    }

    @Override
    public long weightBytes(Summary value) {
        return 128 + 4L * value.text().length();
    }

    @Override
    public List<Summary> run(List<String> items, RunScope scope) {
        List<Summary> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            all.add(summarize(items.get(i), i, scope));
        }
        return all;
    }

    private Summary summarize(String text, int item, RunScope scope) {
        List<String> found = Sentences.of(text);
        List<String> sentences = found.subList(0, Math.min(found.size(), MAX_SENTENCES));
        scope.note(item, "sentences", sentences.size());
        scope.note(item, "sentencesLeftOut", found.size() - sentences.size());
        List<TokenizedText> tokens = new ArrayList<>();
        int all = 0;
        for (String sentence : sentences) {
            TokenizedText tokenized = encoder.tokenize(sentence, scope);
            tokens.add(tokenized);
            all += tokenized.tokens();
        }
        if (all <= maxTokens || sentences.size() < 2) {
            return summary(sentences);
        }
        double[][] vectors = new double[sentences.size()][];
        for (int i = 0; i < vectors.length; i++) {
            if (scope.isCancelled()) {
                throw new CancelledException("A summary was cancelled");
            }
            vectors[i] = toDoubles(Encoder.pool(encoder.encode(tokens.get(i), scope)));
        }
        boolean[] chosen =
                choose(vectors, tokens.stream().mapToInt(TokenizedText::tokens).toArray());
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i]) {
                kept.add(sentences.get(i));
            }
        }
        return summary(kept);
    }

    private static Summary summary(List<String> sentences) {
        return new Summary(String.join(" ", sentences), sentences);
    }

    private static double[] toDoubles(float[] vector) {
        double[] doubles = new double[vector.length];
        for (int i = 0; i < vector.length; i++) {
            doubles[i] = vector[i];
        }
        return doubles;
    }

    /** Chooses sentences by marginal relevance; always at least one. */
    private boolean[] choose(double[][] vectors, int[] tokens) {
        int n = vectors.length;
        double[] mean = mean(vectors);
        double[] likeness =
                Arrays.stream(vectors).mapToDouble(v -> dot(v, mean)).toArray();
        double[][] cosines = centredCosines(vectors, mean);
        double[] rank = lexRank(cosines);
        double[] score = new double[n];
        double[] a = scaled(likeness);
        double[] b = scaled(rank);
        for (int i = 0; i < n; i++) {
            score[i] = (1 - LEX_RANK) * a[i] + LEX_RANK * b[i] + LEAD * (n - i) / n;
        }
        boolean[] chosen = new boolean[n];
        boolean[] seen = new boolean[n];
        int room = maxTokens;
        boolean any = false;
        for (int step = 0; step < n; step++) {
            int best = -1;
            double bestValue = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < n; i++) {
                if (!seen[i]) {
                    double value = RELEVANCE * score[i] - (1 - RELEVANCE) * nearest(cosines[i], chosen);
                    if (value > bestValue) {
                        bestValue = value;
                        best = i;
                    }
                }
            }
            seen[best] = true;
            if (tokens[best] <= room || !any) {
                chosen[best] = true;
                any = true;
                room -= tokens[best];
            }
        }
        return chosen;
    }

    private static double nearest(double[] cosines, boolean[] chosen) {
        double nearest = 0;
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i]) {
                nearest = Math.max(nearest, cosines[i]);
            }
        }
        return nearest;
    }

    private static double[] mean(double[][] vectors) {
        double[] mean = new double[vectors[0].length];
        for (double[] vector : vectors) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += vector[i] / vectors.length;
            }
        }
        return mean;
    }

    private static double[][] centredCosines(double[][] vectors, double[] mean) {
        int n = vectors.length;
        double[][] centred = new double[n][mean.length];
        for (int v = 0; v < n; v++) {
            for (int i = 0; i < mean.length; i++) {
                centred[v][i] = vectors[v][i] - mean[i];
            }
            double length = Math.sqrt(dot(centred[v], centred[v]));
            for (int i = 0; i < mean.length && length > 0; i++) {
                centred[v][i] /= length;
            }
        }
        double[][] cosines = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                cosines[i][j] = dot(centred[i], centred[j]);
                cosines[j][i] = cosines[i][j];
            }
        }
        return cosines;
    }

    private static double[] lexRank(double[][] cosines) {
        int n = cosines.length;
        double[] rank = new double[n];
        Arrays.fill(rank, 1.0 / n);
        double[] outgoing = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                outgoing[i] += link(cosines[i][j]);
            }
        }
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            double[] next = new double[n];
            Arrays.fill(next, (1 - DAMPING) / n);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n && outgoing[i] > 0; j++) {
                    next[j] += DAMPING * rank[i] * link(cosines[i][j]) / outgoing[i];
                }
            }
            rank = next;
        }
        return rank;
    }

    private static double link(double cosine) {
        return cosine > LINK ? cosine : 0;
    }

    /** Brings values to 0 to 1. */
    private static double[] scaled(double[] values) {
        double min = Arrays.stream(values).min().orElse(0);
        double max = Arrays.stream(values).max().orElse(1);
        return Arrays.stream(values)
                .map(v -> max > min ? (v - min) / (max - min) : 0.5)
                .toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
