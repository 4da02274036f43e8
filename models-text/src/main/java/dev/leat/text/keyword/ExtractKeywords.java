package dev.leat.text.keyword;

import dev.leat.CancelledException;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import dev.leat.text.Keyword;
import dev.leat.text.KeywordOptions;
import dev.leat.text.Keywords;
import dev.leat.text.encode.EncodedSentences;
import dev.leat.text.encode.Encoder;
import dev.leat.text.encode.Vectors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Sentences to the phrases that are nearest to their text, as KeyBERT does (Grootendorst, "KeyBERT: Minimal keyword
 * extraction with BERT", 2020), with maximal marginal relevance against repetition.
 *
 * <p>There, every phrase is encoded; here only the {@value #MAX_ENCODED} that come most often and in the most central
 * sentences, whose vectors are there already, so that the cost does not grow with the text. Vectors are centred.
 *
 * @param encoder of the phrases, and of the sentences
 * @param options say how many and how long
 */
public record ExtractKeywords(Encoder encoder, KeywordOptions options)
        implements BatchStep<EncodedSentences, Keywords> {

    /** How many phrases are encoded, each of a few tokens. */
    static final int MAX_ENCODED = 32;

    /** Share of nearness to the text against novelty. */
    private static final double RELEVANCE = 0.7;

    @Override
    public StepFacts facts() {
        return StepFacts.heavy("keywords", "items", encoder.model(), encoder.tokenizer())
                .asResult();
    }

    @Override
    public long weightBytes(Keywords value) {
        return 64 + 128L * value.keywords().size();
    }

    @Override
    public List<Keywords> run(List<EncodedSentences> items, RunScope scope) {
        List<Keywords> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            all.add(keywords(items.get(i), i, scope));
        }
        return all;
    }

    private Keywords keywords(EncodedSentences text, int item, RunScope scope) {
        List<Candidates.Candidate> candidates = Candidates.of(text.text().sentences(), options.maxWords());
        scope.note(item, "candidates", candidates.size());
        if (candidates.isEmpty()) {
            return new Keywords(List.of());
        }
        float[][] sentences = text.vectors();
        double[] whole = Vectors.mean(sentences);
        List<Candidates.Candidate> likely = likeliest(candidates, sentences, whole);
        scope.note(item, "candidatesLeftOut", candidates.size() - likely.size());
        float[][] vectors = new float[likely.size() + 1][];
        for (int i = 0; i < likely.size(); i++) {
            if (scope.isCancelled()) {
                throw new CancelledException("The search for keywords was cancelled");
            }
            vectors[i] =
                    Encoder.pool(encoder.encode(encoder.tokenize(likely.get(i).text(), scope), scope));
        }
        vectors[likely.size()] = Encoder.normalised(whole);
        return new Keywords(choose(likely, Vectors.cosines(Vectors.centredOn(vectors, text.background()))));
    }

    /** Returns the phrases that come most often and in the most central sentences, longer ones first among equals. */
    private static List<Candidates.Candidate> likeliest(
            List<Candidates.Candidate> candidates, float[][] sentences, double[] whole) {
        double[] central = new double[sentences.length];
        for (int i = 0; i < central.length; i++) {
            for (int d = 0; d < whole.length; d++) {
                central[i] += sentences[i][d] * whole[d];
            }
        }
        Comparator<Candidates.Candidate> byWeight = Comparator.comparingDouble(candidate -> {
            double sum =
                    candidate.sentences().stream().mapToDouble(s -> central[s]).sum();
            int words = candidate.text().split("\\s+").length;
            return -sum / Math.sqrt(candidate.sentences().size()) * (1 + 0.2 * (words - 1));
        });
        return candidates.stream().sorted(byWeight).limit(MAX_ENCODED).toList();
    }

    private List<Keyword> choose(List<Candidates.Candidate> candidates, double[][] cosines) {
        int n = candidates.size();
        boolean[] passed = new boolean[n];
        List<Integer> chosen = new ArrayList<>();
        while (chosen.size() < options.count()) {
            int best = -1;
            double bestValue = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < n; i++) {
                if (!passed[i]) {
                    double value = RELEVANCE * cosines[i][n] - (1 - RELEVANCE) * nearest(cosines[i], chosen);
                    if (value > bestValue) {
                        bestValue = value;
                        best = i;
                    }
                }
            }
            if (best < 0) {
                break;
            }
            chosen.add(best);
            for (int i = 0; i < n; i++) {
                passed[i] |= i == best
                        || overlap(
                                candidates.get(i).text(), candidates.get(best).text());
            }
        }
        return chosen.stream()
                .map(i -> new Keyword(
                        candidates.get(i).text(),
                        cosines[i][n],
                        candidates.get(i).sentences().size()))
                .toList();
    }

    private static double nearest(double[] cosines, List<Integer> chosen) {
        return chosen.stream().mapToDouble(i -> cosines[i]).max().orElse(0);
    }

    /** Whether one phrase holds all of the other one. */
    private static boolean overlap(String a, String b) {
        String one = " " + a.toLowerCase(Locale.ROOT) + " ";
        String two = " " + b.toLowerCase(Locale.ROOT) + " ";
        return one.contains(two) || two.contains(one);
    }
}
