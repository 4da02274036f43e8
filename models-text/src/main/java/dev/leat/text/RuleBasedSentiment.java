package dev.leat.text;

import dev.leat.Stage;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Sentiment by word lists: the fallback when no model can answer; needs no model, no native code and microseconds.
 *
 * <p>Counts words that praise and blame (English). A negation before a word turns it ({@code not good}); what follows
 * {@code but} weighs more than what precedes it. Far less accurate than the model: use it behind
 * {@link Stage#orElse}.
 */
public final class RuleBasedSentiment {

    /** The score of a decided answer. */
    public static final double SCORE = 0.7;

    /** The score of NEUTRAL. */
    public static final double NEUTRAL_SCORE = 0.5;

    private RuleBasedSentiment() {}

    /**
     * Returns the stage.
     *
     * @return equal each time; still answers after a run's deadline
     */
    public static Stage<String, Sentiment> stage() {
        return Stage.of(new Rule());
    }

    private record Rule() implements BatchStep<String, Sentiment> {

        @Override
        public StepFacts facts() {
            return StepFacts.rule("sentiment-rules").asResult();
        }

        @Override
        public List<Sentiment> run(List<String> items, RunScope scope) {
            return items.stream().map(RuleBasedSentiment::judge).toList();
        }
    }

    private static final Set<String> NEGATIONS = Set.of(
            "not",
            "no",
            "never",
            "none",
            "nothing",
            "nobody",
            "hardly",
            "barely",
            "without",
            "neither",
            "nor",
            "cannot",
            "lacks",
            "lacked",
            "lack",
            "isnt",
            "wasnt",
            "arent",
            "werent",
            "dont",
            "doesnt",
            "didnt",
            "cant",
            "couldnt",
            "wont",
            "wouldnt",
            "shouldnt",
            "havent",
            "hasnt",
            "hadnt",
            "aint");

    private static final Set<String> INTENSIFIERS = Set.of(
            "very",
            "really",
            "extremely",
            "so",
            "too",
            "absolutely",
            "totally",
            "completely",
            "utterly",
            "incredibly",
            "truly",
            "highly",
            "deeply",
            "terribly",
            "awfully",
            "quite");

    private static final Set<String> TURNS = Set.of("but", "however", "though", "although", "yet");

    /** How many words a negation reaches. */
    private static final int REACH = 3;

    /** How much what precedes a turn counts; what follows it counts in full. */
    private static final double BEFORE_TURN = 0.5;

    private static final double INTENSE = 1.5;

    private static final class Words {
        static final Map<String, Integer> VALENCE = load();

        private static Map<String, Integer> load() {
            Map<String, Integer> words = new HashMap<>();
            read("positive.txt").forEach(word -> words.put(word, 1));
            read("negative.txt").forEach(word -> words.put(word, -1));
            return Map.copyOf(words);
        }

        private static List<String> read(String resource) {
            try (InputStream in = RuleBasedSentiment.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("The jar lacks " + resource);
                }
                return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .flatMap(line -> List.of(line.strip().split("\\s+")).stream())
                        .filter(word -> !word.isEmpty())
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Sentiment judge(String text) {
        double sum = 0;
        int sinceNegation = Integer.MAX_VALUE;
        boolean intense = false;
        for (String word : words(text)) {
            if (word.isEmpty()) { // the end of a clause
                sinceNegation = Integer.MAX_VALUE;
                intense = false;
                continue;
            }
            if (TURNS.contains(word)) {
                sum *= BEFORE_TURN;
                sinceNegation = Integer.MAX_VALUE;
            } else if (NEGATIONS.contains(word)) {
                sinceNegation = 0;
            } else {
                int valence = Words.VALENCE.getOrDefault(word, 0);
                sinceNegation = sinceNegation == Integer.MAX_VALUE ? sinceNegation : sinceNegation + 1;
                double turned = sinceNegation <= REACH ? -valence : valence;
                sum += intense ? INTENSE * turned : turned;
                intense = INTENSIFIERS.contains(word);
            }
        }
        if (sum == 0) {
            return new Sentiment(Sentiment.Label.NEUTRAL, NEUTRAL_SCORE);
        }
        return new Sentiment(sum > 0 ? Sentiment.Label.POSITIVE : Sentiment.Label.NEGATIVE, SCORE);
    }

    /** Lower-case words without apostrophes; an empty one stands for the end of a clause. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (Character.isLetterOrDigit(c)) {
                word.append(c);
            } else if (c != '\'' && c != '\u2019') {
                if (word.length() > 0) {
                    words.add(word.toString().toLowerCase(Locale.ROOT));
                    word.setLength(0);
                }
                if (".,;:!?\n".indexOf(c) >= 0) {
                    words.add("");
                }
            }
        }
        return words;
    }
}
